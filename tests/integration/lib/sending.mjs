// Sends that a database which is away, or has much to do at once, may refuse.

/** Codes of a send that is to be repeated with its nonce, which settles it. */
export const again = new Set(['busy', 'outcome_unknown']);

/** Until it is stored; gives the answer. */
export async function sendUntilStored(client, fields) {
    for (;;) {
        try {
            return await client.request('message:send', fields);
        } catch (error) {
            if (!again.has(error.code)) throw error;
        }
    }
}
