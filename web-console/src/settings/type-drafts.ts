/** Unsaved text by type, with the ETag on which it is based: following a link must not lose it. */
export const drafts = new Map<string, { text: string; etag: string | null }>();
