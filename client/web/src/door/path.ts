/** What RFC 3986 has no place for in a path or a query, as "[", escaped: an address may hold it, the server takes a path alone. */
export const asPath = (address: string) => address.replace(/[^\w\-.~!$&'()*+,;=:@/?%]/gu, encodeURIComponent);
