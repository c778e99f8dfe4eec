import type { Wording } from './signal.ts';

/** What happened below or outside TLS: other protocols, closed doors, the network. */
export const transportWordings: readonly Wording[] = [
  ['not-tls', /first record ?(?:does not look|\.\.\.|…)|SSL routines:[^:]{0,99}:http request/],
  [
    'ancient-hello',
    /unsupported SSLv2 handshake|client offered only unsupported versions: \[(?:300|2)\]/,
  ],
  ['oversized-record', /oversized record received with length (?<length>\d{1,20})/],
  [
    'tls-got-http',
    /server gave HTTP response to HTTPS client|bad HTTP response|wrong version number|WRONG_VERSION_NUMBER\b|ERR_SSL_WRONG_VERSION_NUMBER|packet length too long|Unrecognized SSL message, plaintext connection|Unsupported or unrecognized SSL message|not an SSL\/TLS record|unexpected TLS packet was received|http request.{0,255}https|InvalidContentType/i,
  ],
  [
    'http-got-tls',
    /malformed HTTP (?:response|status code|version)? ?"?\\x15\\x03|malformed HTTP response.{0,255}\\x15|Client sent an HTTP request to an HTTPS server|Hex dump for first 5 bytes: 1503|net\/http: HTTP\/1\.x transport connection broken: malformed HTTP response/,
  ],
  [
    'http-got-http2',
    /malformed HTTP response "\\x00\\x00|frame too large|HTTP_1_1_REQUIRED|looks like an HTTP\/1\.1 header|Received HTTP\/0\.9/,
  ],
  [
    'tls-ignored-on-http',
    /scheme (?:of \S{1,255} url \S{1,255} )?is (?:HTTP|http)|[Ii]gnored? (?:key\/cert files|client cert auth)|ignoring (?:key and cert files|client cert auth)/,
  ],
  ['insecure-serving', /serving insecure client requests on (?<address>\S{1,255})/],
  ['versions', /client offered only unsupported versions(?:: \[(?<versions>[^\]]{0,999})\])?/],
  [
    'versions',
    /server selected unsupported protocol version (?<versions>\w{1,99})|protocol version not supported|unsupported protocol|no protocols available|UNSUPPORTED_PROTOCOL|tls: protocol version/i,
  ],
  [
    'no-common-suite',
    /no cipher suite supported by both client and server|no shared cipher|no cipher suites in common|NO_SHARED_CIPHER/i,
  ],
  [
    'no-http2-suite',
    /CipherSuites (?:index \d{1,20} contains|is missing) an? (?:HTTP\/2-(?:approved|required)|HTTP\/2)/i,
  ],
  ['no-http2-suite', /HTTP\/2-required AES_128_GCM_SHA256|INADEQUATE_SECURITY/],
  [
    'http-answer',
    /unexpected HTTP status code received from server|received unexpected content-type/,
  ],
  ['http1-answer', /looks? ?(?:like|ed like) an HTTP\/1\.1 header/],
  ['unknown-suite', /unexpected TLS cipher suite(?: "?(?<suite>[^"\s]{0,999}))?/],
  // BoringSSL and rustls have fewer curves than Go, P-521 among those that they lack.
  [
    'no-common-suite',
    /no ECDHE curve supported|support any of the certificate's signature algorithms|unsupported signature algorithm/,
  ],
  ['no-common-suite', /BAD_ECC_CERT|unsupported (?:elliptic )?curve/i],
  [
    'tls-version-setting',
    /unexpected TLS version|min version \(TLS[\d.]{1,4}\) is greater than max version|cipher suites cannot be configured when only TLS1\.3/,
  ],
  [
    'no-alpn',
    /no[ _]application[ _]protocol|missing selected ALPN property|unsupported application protocols|cannot check peer: missing/i,
  ],
  [
    'client-without-alpn',
    /TLS ALPN provider|ALPN\/NPN has not been properly configured|ALPN must be enabled/,
  ],
  ['sni-rejected', /SSL_set_tlsext_host_name|unrecognized name|invalid SNI|InvalidDNSName/i],
  [
    'deadline',
    /context deadline exceeded|timed out when dialing|DeadlineExceeded|Deadline [eE]xceeded|DEADLINE_EXCEEDED/,
  ],
  [
    'handshake-deadline',
    /authentication handshake failed: context deadline exceeded|TLS handshake timeout|handshake timed out/,
  ],
  ['handshake-failed', /\b(?:SSL|TLS) handshake (?:failure|failed)/],
  ['context-canceled', /context canceled/],
  ['header-timeout', /exceeded header timeout/],
  [
    'timeout',
    /i\/o timeout|Layer[467] timeout|ETIMEDOUT|Connection timed out|connect timed out|Operation timed out|read timeout|while awaiting headers|awaiting response headers|(?:Connect|Read)Timeout|\bread timed out|timed out\. \(/i,
  ],
  ['connect-timeout', /dial tcp [^"]{1,200}: i\/o timeout|(?:[Cc]onnection|connect) timed out/],
  [
    'refused',
    /connection refused|ECONNREFUSED|Connection refused|actively refused|server \S{1,255} was refused/i,
  ],
  [
    'no-route',
    /no route to host|network is unreachable|EHOSTUNREACH|ENETUNREACH|Couldn't connect to server|Connect call failed|java\.net\.ConnectException {0,3}$/i,
  ],
  ['invalid-argument', /connect: invalid argument|cannot assign requested address/],
  ['closed-listener', /use of closed network connection/],
  [
    'reset',
    /connection reset by peer|ECONNRESET|Connection reset|broken pipe|EPIPE|Error in the pull function|Transport endpoint is not connected|Error writing to server|write:errno=104/i,
  ],
  [
    'eof',
    /\bEOF\b|SSL_ERROR_SYSCALL|unexpected eof|socket hang up|disconnected before secure TLS|non-properly terminated|upstream prematurely closed|terminated the handshake|connection during handshake|end of file from server|header parser received no bytes|No status line received|\bSocket closed\b|stream \d{1,9} was not closed cleanly|Remote end closed connection|specified session has been invalidated|terminated the connection abnormally|peer closed connection in SSL handshake|closed the connection unexpectedly/i,
  ],
  ['empty-answer', /Empty reply from server|empty (?:response|reply)|^No data received\.$/i],
  [
    'name-unknown',
    /no such host|\bENOTFOUND\b|EAI_AGAIN|Name or service not known|Could not resolve host|UnknownHostException|UnresolvedAddressException|unable to resolve host|Domain name not found|(?:failure in|failed) name resolution|name resolution (?:failed|failure|error)|server misbehaving|lookup \S{1,255} on \S{1,255}: (?!no such host\))/i,
  ],
  [
    'proxy',
    /Tunnel or SSL Forbidden|do connect handshake, response|(?:Zscaler|Netskope|Blue ?Coat|Forti(?:Gate|net)|Palo Alto|McAfee|Symantec) (?:\w{1,99} ){0,4}(?:CA|Proxy|Inc)|Proxy ?(?:Error|Authentication|tunnel)|proxyconnect|\b407 |<html|50[234] (?:Bad Gateway|Service Unavailable|Gateway Time)|\bSquid\b|server: (?:nginx|squid|envoy)/i,
  ],
  // gRPC's client in Go says so of any status but 200, which every gRPC server answers with.
  ['proxy', /unexpected HTTP status code received from server: (?:3\d\d|403|407|5\d\d)/],
  // Go names the status alone when the answer to CONNECT is not 200.
  [
    'proxy',
    /(?:could not connect|unhealthy status|https?:\/\/[^\s"]{1,255}"?): (?:Forbidden|Bad Gateway|Service Unavailable|Gateway Timeout|Method Not Allowed|Not Found|Bad Request|Moved Permanently|Proxy Authentication Required|Unauthorized|Internal Server Error)\b/,
  ],
  [
    'transport-closing',
    /transport is closing|TransientFailure|last connection error|latest balancer error/,
  ],
  [
    'clock-difference',
    /prober found high clock drift.{0,255}clock-drift=(?<drift>[\dhms.µn]{1,30}).{0,99}\brtt=(?<roundTrip>[\dhms.µn]{1,30})/,
  ],
  [
    'clock-difference',
    /the clock difference against peer|prober found high clock drift|clocks? (?:differ|out of sync|skew)|(?:clock|time) (?:skew|drift)/i,
  ],
  ['client-left', /Server\.process\w{1,20}RPC failed to write status/],
  ['client-closing', /the client connection is closing/],
];
