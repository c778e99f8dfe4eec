import { z } from 'zod';
import type {
  Endpoint,
  EndpointObservation,
  HandshakeMessage,
  ServerFlight,
  Stage,
} from '../../model/live.ts';
import { oneOf, target, text, texts } from './basics.ts';
import { certificate } from './files.ts';

const endpoint: z.ZodType<Endpoint> = z.looseObject({
  url: text,
  scheme: oneOf<Endpoint['scheme']>()(['https', 'http']),
  host: text,
  port: z.int(),
  serves: oneOf<Endpoint['serves']>()(['client', 'peer', 'metrics']),
  member: text.exactOptional(),
  source: oneOf<Endpoint['source']>()(['given', 'inventory', 'settings', 'cluster', 'neighbour']),
});

const stage: z.ZodType<Stage> = z.looseObject({
  name: oneOf<Stage['name']>()(['resolve', 'connect', 'first-bytes', 'tls', 'application']),
  outcome: oneOf<Stage['outcome']>()(['ok', 'failed', 'not-reached']),
  milliseconds: z.number(),
  code: text.exactOptional(),
});

const message: z.ZodType<HandshakeMessage> = z.looseObject({
  from: oneOf<HandshakeMessage['from']>()(['client', 'server']),
  name: text,
  bytes: z.number(),
  milliseconds: z.number(),
});

const flight: z.ZodType<ServerFlight> = z.looseObject({
  tlsVersion: oneOf<ServerFlight['tlsVersion']>()(['1.2', '1.3']),
  cipherSuite: text,
  group: text.exactOptional(),
  alpn: text.exactOptional(),
  chain: z.array(certificate),
  malformed: z.array(z.looseObject({ index: z.int(), error: text })).exactOptional(),
  sentCertificates: z.int().exactOptional(),
  clientCertificateRequested: z.boolean(),
  acceptableCas: z.array(z.looseObject({ text, raw: text })),
  sentCas: z.int().exactOptional(),
  signatureAlgorithms: z.array(z.int()),
  extendedMasterSecret: z.boolean().exactOptional(),
  milliseconds: z.number(),
});

export const endpointObservation: z.ZodType<EndpointObservation> = z.looseObject({
  target,
  endpoint,
  addresses: texts,
  dialled: text.exactOptional(),
  stages: z.array(stage),
  speaks: oneOf<EndpointObservation['speaks']>()([
    'tls',
    'tls-alert',
    'http1',
    'http2',
    'ssh',
    'silence',
    'closed',
    'reset',
    'unknown',
    'unreachable',
  ]),
  alert: z.int().exactOptional(),
  sample: text.exactOptional(),
  violation: text.exactOptional(),
  messages: z.array(message).exactOptional(),
  flight: flight.exactOptional(),
  plaintext: oneOf<NonNullable<EndpointObservation['plaintext']>>()([
    'answered',
    'refused',
    'silence',
  ]).exactOptional(),
});
