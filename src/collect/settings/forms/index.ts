// Generated from the files of this folder by test/collect/settings/forms.test.ts; `npm run docs` updates it.
import { form as clientConfig } from './client-config.ts';
import { form as cloudConfig } from './cloud-config.ts';
import { form as clusterConfig } from './cluster-config.ts';
import { form as compose } from './compose.ts';
import { form as composeConfigs } from './compose-configs.ts';
import { form as configMap } from './config-map.ts';
import { form as crictlInspect } from './crictl-inspect.ts';
import { form as crontab } from './crontab.ts';
import { form as dockerInspect } from './docker-inspect.ts';
import { form as dockerfile } from './dockerfile.ts';
import { form as environmentFile } from './environment-file.ts';
import { form as etcdConfig } from './etcd-config.ts';
import { form as hereDocument } from './here-document.ts';
import { form as ignition } from './ignition.ts';
import { form as issued } from './issued.ts';
import { form as kubeadm } from './kubeadm.ts';
import { form as kustomization } from './kustomization.ts';
import { form as launchd } from './launchd.ts';
import { form as manifest } from './manifest.ts';
import { form as microk8s } from './microk8s.ts';
import { form as nomad } from './nomad.ts';
import { form as nspawn } from './nspawn.ts';
import { form as objectVariables } from './object-variables.ts';
import { form as openrc } from './openrc.ts';
import { form as processFiles } from './process-files.ts';
import { form as processList } from './process-list.ts';
import { form as procfile } from './procfile.ts';
import { form as quadlet } from './quadlet.ts';
import { form as rancher } from './rancher.ts';
import { form as script } from './script.ts';
import { form as supervisor } from './supervisor.ts';
import { form as systemd } from './systemd.ts';
import { form as talos } from './talos.ts';
import type { SettingsForm } from '../settings-form.ts';

/** Every form of settings. */
export const forms: readonly SettingsForm[] = [
  clientConfig,
  cloudConfig,
  clusterConfig,
  compose,
  composeConfigs,
  configMap,
  crictlInspect,
  crontab,
  dockerInspect,
  dockerfile,
  environmentFile,
  etcdConfig,
  hereDocument,
  ignition,
  issued,
  kubeadm,
  kustomization,
  launchd,
  manifest,
  microk8s,
  nomad,
  nspawn,
  objectVariables,
  openrc,
  processFiles,
  processList,
  procfile,
  quadlet,
  rancher,
  script,
  supervisor,
  systemd,
  talos,
];
