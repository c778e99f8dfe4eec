/** Things around the failure that people and logs mention beside it. */
export type Circumstance =
  | 'from-itself'
  | 'otherwise-healthy'
  | 'probe'
  | 'periodic'
  | 'renewal'
  | 'new-ca'
  | 'not-restarted'
  | 'upgrade'
  | 'copied'
  | 'srv'
  | 'gateway'
  | 'works-elsewhere'
  | 'peer-port'
  | 'load'
  | 'after-a-while'
  | 'intermediate'
  | 'member-update'
  | 'question-of-ca-bundle'
  | 'empty-san'
  | 'sporadic'
  | 'not-starting'
  | 'wildcard'
  | 'first-endpoint'
  | 'misparsed'
  | 'given-nevertheless'
  | 'in-etcd-log'
  | 'plain-works'
  | 'about-authorities'
  | 'rotated-authority'
  | 'clock-mentioned'
  | 'reverse-lookup'
  | 'tls-version-named'
  | 'allowed-names-set'
  | 'dials-another';

const circumstances: readonly (readonly [Circumstance, RegExp])[] = [
  ['from-itself', /(?:127\.0\.0\.1|\[::1\]|::1|localhost|loopback|own IP|its own)/],
  [
    'otherwise-healthy',
    /works? (?:fine|otherwise)|otherwise (?:works|fine|ok|healthy)|cluster (?:is )?(?:healthy|works|otherwise)|works fine|mesh works|still works|fine otherwise/i,
  ],
  [
    'probe',
    /kubelet|\b(?:liveness|readiness|startup)? ?probe\b(?! detected)|health ?-?check(?! for peer)|healthz|livez|readyz|liveness|readiness|\bUnhealthy +Get|load ?-?balancer|\bLB\b|haproxy|componentstatus|monitoring|scanner|httpGet|prometheus scrape/i,
  ],
  [
    'periodic',
    /every (?:~ ?)?\d+ ?(?:s|sec|second|m|min|minute)|periodic|each \d+ ?s|log flood|flooding|repeated/i,
  ],
  ['renewal', /renew|rotat|replaced|reissue|re-issue|refreshed/i],
  [
    'new-ca',
    /new[- ]CA|creat\w+ a (?:new )?self[- ]signed \w* ?CA|restor\w+ (?:\w+ )*on (?:new|other) nodes|CA (?:was )?(?:re-?(?:generated|created|newed)|rotated|replaced)|second CA|two CAs|both CAs|redeploy|re-?install|regenerat/i,
  ],
  [
    'not-restarted',
    /until (?:[\w-]+ ){0,4}(?:restart|rolled|re-?created)|without (?:a )?restart|not restarted|need(?:s)? (?:a )?restart|still (?:serves|uses|shows|connects with)|reload/i,
  ],
  ['about-authorities', /\bCAs?\b|authorit|ca\.(?:crt|pem)/i],
  [
    'rotated-authority',
    /(?:rotat\w* (?:of )?(?:the )?(?:CAs?|authorit\w+)|rotate-ca|(?:CAs?|authorit\w+) (?:\w+ ){0,3}rotat)/i,
  ],
  ['clock-mentioned', /\bclocks?\b|server time|\btime ?zone|\bntp\b|chrony/i],
  [
    'reverse-lookup',
    /reverse (?:look ?up|DNS)|\bPTR\b|nslookup of (?:the |a )?(?:\w+ )*(?:IP|address)/i,
  ],
  ['tls-version-named', /\bTLS ?v?1(?:\.[0-3])?\b(?! alert)|TLS1\.[0-3]/],
  ['allowed-names-set', /cert-allowed-(?:hostname|cn)|grpc-?proxy .*\bCN\b/i],
  [
    'dials-another',
    /(?:\{https?:\/\/|Addr: "|endpoints?[=: ]+https?:\/\/)(?!127\.|localhost|\[::1\])[\w.[\]:-]+:\d+/,
  ],
  ['upgrade', /upgrad|after updat|since version|worked in v?\d|regression/i],
  [
    'copied',
    /cop(?:y|ied|ying)\b|same cert(?:ificate)?s? (?:on|for)|one cert(?:ificate)? (?:reused|for all)|cert(?:ificate)? of another|useless after/i,
  ],
  [
    'srv',
    /discovery-srv|\bSRV\b|_etcd-(?:server|client)|got bootstrap|DNS discovery|find (?:local name|local etcd member)/i,
  ],
  ['gateway', /gateway|\/v3\/|JSON API|grpc-gateway/i],
  [
    'works-elsewhere',
    /(?:curl|etcdctl|openssl)[^.;]* (?:works?|reaches|can)\b|works with (?:curl|etcdctl|openssl)|same files works?|traffic beside it OK/i,
  ],
  ['peer-port', /\bpeers?\b|:?2380\b|rafthttp|prober/i],
  ['load', /\bCPU\b|starv|overload|slow disk|high load|after reboot|EOF flood/i],
  [
    'after-a-while',
    /after (?:a |one |1 )?(?:year|month|\d+ (?:days|months))|(?:a|one|1) year|365 days/i,
  ],
  ['intermediate', /intermediate|chain (?:file|incomplete)|cross-sign/i],
  ['member-update', /http ?(?:->|>|to) ?https|migrat|member update/i],
  ['question-of-ca-bundle', /CA bundle|bundle/i],
  ['sporadic', /sporadic|intermittent|sometimes|now and then/i],
  [
    'not-starting',
    /(?:will|does|did|do) not start|won't start|fail(?:s|ed|ure)? to start|crash ?-?loop/i,
  ],
  ['wildcard', /wildcard|`\*\.|"\*\./i],
  [
    'first-endpoint',
    /first (?:etcd|endpoint|member|server)(?: is)? (?:down|stopped|unreachable|is used for)/i,
  ],
  [
    'given-nevertheless',
    /(?:although|even though|despite) .*(?:are|is|were|being) (?:given|set|configured)/i,
  ],
  ['in-etcd-log', /\betcd(?:'s)? (?:\w+ ){0,3}(?:logs?\b|shows|showing|prints)/i],
  ['plain-works', /plain http works|http:\/\/ works|works (?:over|with) (?:plain )?http\b/i],
  ['misparsed', /mis-?parsed?|parsed? wrong|too many colons/i],
  ['empty-san', /empty SAN|no SANs?\b|without SANs?/i],
];

/** What a text mentions around a failure. */
export function circumstancesIn(text: string): readonly Circumstance[] {
  return circumstances.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
}
