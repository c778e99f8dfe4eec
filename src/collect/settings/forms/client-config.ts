import { clientsInConfig, isClientConfig } from '../clients/config-files.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';

/** Configuration files of etcd's clients, each of which knows its own. */
export const form: SettingsForm = {
  name: 'client-config',
  layer: 'settings',
  recognises: isClientConfig,
  read: readEach(clientsInConfig),
};
