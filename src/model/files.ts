export type { Block, CertificateReading, FileFact, PemTrap, Unreadable } from '../schema/files.ts';
