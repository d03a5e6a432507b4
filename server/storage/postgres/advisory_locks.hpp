// The advisory locks that Banter takes in its database: pg_advisory_lock of two numbers.
#pragma once

/// "Bntr", and which lock.
#define BANTER_ADVISORY_LOCK(number) "(1114535026, " #number ")"

/// Held while the schema is changed.
#define BANTER_MIGRATING BANTER_ADVISORY_LOCK(1)
/// Shared by the nodes that serve; held alone while what they all remember is changed.
#define BANTER_SERVING BANTER_ADVISORY_LOCK(2)
/// Held by a transaction that runs alone (sql::Turn).
#define BANTER_ALONE BANTER_ADVISORY_LOCK(3)
/// Held by the node that does what one node does for all.
#define BANTER_CHORES BANTER_ADVISORY_LOCK(4)
