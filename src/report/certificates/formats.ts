/** Formats of the list of certificates, in the order in which help lists them. */
export const certificateFormats = ['text', 'json', 'markdown', 'csv'] as const;

export type CertificateFormat = (typeof certificateFormats)[number];
