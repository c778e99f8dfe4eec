export type {
  BuildFact,
  HostDirectory,
  HostFact,
  HostGroup,
  HostLink,
  HostUser,
  Ownership,
} from '../schema/host-facts.ts';
