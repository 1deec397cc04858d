package io.licenserelay.doctor.offline;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A known error text of programs, with its meaning and the possible causes. The text proves none of them.
 *
 * @param codes of the possible causes; empty if the catalogue has none
 */
public record KnownMessage(String name, Pattern pattern, String meaning, List<String> codes) {
    static final List<KnownMessage> ALL = List.of(
            of(
                    "certificate not trusted",
                    "PKIX path building failed|unable to find valid certification path|self.signed certificate"
                            + "|unable to get local issuer|unknown_ca|SEC_ERROR_UNKNOWN_ISSUER",
                    "a client does not trust the server's certificate: its CA is not in the client's trust store",
                    "LIC2001",
                    "LIC2004"),
            of(
                    "certificate out of date",
                    "certificate (?:has )?expired|CertificateExpired|certificate is not yet valid|CertificateNotYetValid"
                            + "|validity check failed|NotAfter:",
                    "the current time is outside a certificate's validity dates; a wrong clock has the same effect",
                    "LIC2003",
                    "LIC6001"),
            of(
                    "certificate for another name",
                    "No subject alternative|No name matching|doesn't match any of the subject|ERR_CERT_COMMON_NAME",
                    "the certificate does not contain the name or address of the server in the request",
                    "LIC2002"),
            of(
                    "no common TLS",
                    "handshake_failure|no cipher suites in common|protocol_version|Unsupported or unrecognized SSL message"
                            + "|wrong version number",
                    "client and server have no common TLS version or cipher, or the port does not speak TLS",
                    "LIC2005"),
            of(
                    "connection refused",
                    "Connection refused|ECONNREFUSED",
                    "no program listens on that port of the machine, or a firewall rejects the connection",
                    "LIC1003",
                    "LIC4002"),
            of(
                    "name not resolved",
                    "UnknownHostException|Name or service not known|Could not resolve host|NXDOMAIN"
                            + "|nodename nor servname|name resolution",
                    "the name was not resolved to an address: it is misspelled, not in the DNS, or the name server does not answer",
                    "LIC1001",
                    "LIC1002"),
            of(
                    "no answer in time",
                    "timed out|SocketTimeoutException|ETIMEDOUT|No route to host",
                    "no answer came in time: a firewall drops the packets, the route is missing, or the server is overloaded",
                    "LIC1004",
                    "LIC4002"),
            of(
                    "connection broken off",
                    "Connection reset|Broken pipe|ECONNRESET|Unexpected end of file|Premature EOF",
                    "the server or a device on the network path closed an open connection",
                    "LIC1005"),
            of(
                    "502, 503 or 504 of a proxy",
                    "\\b50[234]\\b|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out",
                    "a web server or proxy answered instead of the application behind it, which is starting, down or overloaded",
                    "LIC4001",
                    "LIC4002",
                    "LIC1007"),
            of("500", "\\b500\\b|Internal Server Error", "the server failed while it worked on the request", "LIC4004"),
            of("429", "\\b429\\b|Too Many Requests", "the server limits the rate of requests", "LIC4003"),
            of(
                    "401",
                    "\\b401\\b|Unauthorized\\b",
                    "the server does not accept the token, or the name and password, of the request",
                    "LIC3005",
                    "LIC7002"),
            of(
                    "403",
                    "\\b403\\b|Forbidden",
                    "the user of the request may not see this account or resource",
                    "LIC3006",
                    "LIC7006"),
            of("404", "\\b404\\b|Not Found", "the server has no such path", "LIC3007"),
            of(
                    "407",
                    "\\b407\\b|Proxy Authentication Required",
                    "a proxy on the network path requires a name and password",
                    "LIC1007"),
            of(
                    "the Manager's login at SSM",
                    "Smart Account credentials|Failed to authenticate user",
                    "SSM refused the login of the SD-WAN Manager; the rest of the line, or the Manager's log, contains SSM's answer",
                    "LIC3001",
                    "LIC3002",
                    "LIC3003",
                    "LIC7003",
                    "LIC7004"),
            of(
                    "device: identity not valid",
                    "INVALID STATUS CODE|identity for the instance",
                    "the server no longer knows the device's identity; Cisco's text says to register the device again"),
            of(
                    "device: no reply",
                    "NO REPLY\\b|COMM_FAILED",
                    "the device got no answer, or an empty answer, from its transport server; with SSM On-Prem the"
                            + " transport must be cslu, not smart"),
            of(
                    "device: try again",
                    "OK_TRY_AGAIN|LS_LICENGINE_FAIL_TO_CONNECT",
                    "the server accepted the request but cannot process it now; the device tries again",
                    "LIC4009"),
            of(
                    "device: waits for the acknowledgement",
                    "OK_POLL\\b",
                    "the server accepted the report; the acknowledgement follows after SSM On-Prem has synchronized with Cisco",
                    "LIC4009",
                    "LIC5003"),
            of(
                    "device: SSM too old",
                    "REPORTING_NOT_SUPPORTED",
                    "the device reports that the server is too old for usage reports"),
            of(
                    "device: nothing to send",
                    "BUILD REQUEST ERROR|NO DATA TO PROCESS",
                    "the device had no request to send, or could not build one; it sent nothing to the server"));

    private static KnownMessage of(String name, String pattern, String meaning, String... codes) {
        return new KnownMessage(name, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), meaning, List.of(codes));
    }

    /** The known messages that a text contains. */
    public static List<KnownMessage> in(String text) {
        return ALL.stream().filter(each -> each.pattern.matcher(text).find()).toList();
    }
}
