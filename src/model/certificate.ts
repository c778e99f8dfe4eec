export type {
  Certificate,
  ConstraintSet,
  DistinguishedName,
  NameConstraints,
  PrivateKey,
  PublicKey,
  RevocationList,
  SubjectAltName,
} from '../schema/files.ts';
