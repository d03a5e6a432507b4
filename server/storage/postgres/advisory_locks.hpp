// The advisory locks that Banter takes in its database: pg_advisory_lock of two numbers.
#pragma once

/// "Bntr", and which lock.
#define BANTER_ADVISORY_LOCK(number) "(1114535026, " #number ")"

/// Held while the schema is changed.
#define BANTER_MIGRATING BANTER_ADVISORY_LOCK(1)
/// Held by the node that serves.
#define BANTER_SERVING BANTER_ADVISORY_LOCK(2)
/// Held by a transaction that runs alone (sql::Turn).
#define BANTER_ALONE BANTER_ADVISORY_LOCK(3)
