package io.licenserelay.redact.phrases;

import java.util.List;
import java.util.stream.Stream;

/**
 * Lines of a configuration, and commands, that carry a secret in clear, reversibly encrypted or hashed. From Cisco's command
 * references: IOS and IOS-XE, IOS-XR, NX-OS, ASA, AireOS, Catalyst SD-WAN. A device logs such lines with
 * {@code %PARSER-5-CFGLOG_LOGGEDCMD} and in its accounting records; users paste them.
 */
public final class DevicePhrases {
    /** Security command reference: local users, AAA, TACACS+, RADIUS, LDAP, key chains, 802.1X, TrustSec. */
    private static final String ACCESS = """
            enable password|secret [level N] T §+
            enable algorithm-type md5|scrypt|sha256 secret [level N] T §
            enable common-criteria-policy * password|secret [level N] T §
            enable last-resort password §
            username * [privilege N] [role *] password|secret|masked-secret T §+
            username W .. password|secret|masked-secret T §+
            username * passphrase T §+
            username * .. pin T §
            test aaa group * * §
            test aaa server|aaa-server * * [vrf *] * §
            username|user * nthash|ntlm-hash T §
            passwd T § encrypted|level|pbkdf2
            mgmtuser username * password T § [secret T §]
            tacacs-server|radius-server|tacacs|radius host|server * .. key|secret|secret-key|shared-secret T §
            tacacs-server|radius-server|tacacs|radius key T §
            tacacs-server|radius-server test username * password T §
            tacacs-server|radius-server|tacplus-server|radius-server .. secret|password|accounting-secret T §
            aaa-server * .. host * key T §
            aaa-server * .. host * §
            radius-common-pw §
            ldap-login-password T §
            ldap-server .. password T §
            bind authenticate .. password T §
            bind-dn|root-dn|rootdn .. password T §
            server-private * .. key|secret T §
            client * .. server-key|secret|shared-secret T §
            server-key|secret-key|shared-secret|pre-shared-secret T §
            pac key T §
            nas * key T §
            key-string password T §
            key-string T §
            key-octet-string T §
            key config-key password-encrypt|password-encryption|ascii|1 §+
            key hexadecimal|ascii-text §
            ^ =key T §? $
            key T! §?
            ^ password|secret T! §+
            ^ password|passwd|passphrase §? $
            ^ =secret §? $
            ^ password|secret § encrypted|level|role|privilege|authentication|read-only|read-write
            password|secret|masked-secret|passwd T! §?
            cts credentials id * password T §
            cts sxp default password T §
            cts sxp connection .. password T §
            cts import-pac * password T §
            sap pmk T §
            dot1x username * password T §
            dot1x credentials * .. password T §
            ap dot1x username * password T §
            ap mgmtuser username * password T § [secret T §]
            kerberos srvtab entry * * * * * * §
            kerberos password §
            environment|setenv|export|set K §
            policy-server-secret|partner-key|partner-api-key|user-pass|user-password T §
            vpnclient|scheduler .. password T §
            vpn-user * password T §
            failover key T §
            failover ipsec pre-shared-key T §
            cluster key T §
            encrypted-password|simple-password|hello-authentication-key §
            """;

    /** Routing, redundancy, time and management protocols. */
    private static final String PROTOCOLS = """
            neighbor * password T §
            neighbor * .. password T §
            bgp .. password T §
            ip|ipv6 ospf authentication-key T §
            ospf authentication-key T §
            authentication-key N md5|sha|sha1|sha256|sha2|hmac-sha1|hmac-sha2-256|cmac-aes-128 T §
            authentication-key T §
            message-digest-key N md5|sha|hmac-sha-1|hmac-sha-256 T §
            virtual-link * .. authentication-key T §
            ipsec spi N md5|sha1 T §
            ipsec spi N esp null|des|3des|aes-cbc [128|192|256] T § [md5|sha1 T §]
            ipsec spi N esp null md5|sha1 T §
            isis password T §
            area-password|domain-password T §
            hello-password|lsp-password [accept] [hmac-md5|text|hmac-sha] T §
            authentication key eigrp N T §
            authentication mode hmac-sha-256 T §
            text-authentication T §
            standby|hsrp|vrrp|glbp [N] [N] authentication md5 key-string T §
            standby|hsrp|vrrp|glbp [N] [N] authentication [text] T §
            ^ authentication text T §? $
            rip authentication string T §
            nhrp authentication T §
            rsvp authentication key T §
            rsvp .. password T §
            mpls ldp neighbor .. password T §
            mpls ldp password option N for * T §
            mpls ldp password fallback T §
            msdp password peer * T §
            ip|ipv6 msdp .. password T §
            ntp authentication-key N md5|hmac-sha2-256|hmac-sha1|cmac-aes-128|sha1|sha2 T §
            vtp password §
            vtp .. password §
            pce .. password T §
            map-server * .. key T §
            etr|itr|proxy-etr .. key T §
            eigrp .. key T §
            snmp-server community T §
            snmp-server community-map T §
            snmp-server mib community-map §
            snmp|snmp-agent .. community-map T §
            snmp-server host * .. community T §
            snmp-server host * [vrf *] [traps|informs|trap|inform] [version 1|2c] [clear|encrypted] § [udp-port N]
            snmp-server host * [vrf *] [traps|informs] version 3 auth|noauth|priv §
            snmp-server .. auth|authentication md5|sha|sha-1|sha-224|sha-256|sha-384|sha-512 T § [priv [des|3des|des56|aes|aes-128|aes-192|aes-256] [128|192|256] T §]
            snmp-server trap-community §
            snmp-server community-string §
            snmp-server .. community T §
            set snmp community|trap-group read-only|read-write|read-write-all §
            set snmp community|trap-group §
            set community §
            snmp community|trap-group T §
            snmp .. community T §
            snmp-community|community-name T §
            ^ =community T §? $
            rf-switch snmp-community §
            ^ host * traps|informs version 1|2c [clear|encrypted] §
            rmon event N [log] trap §
            auth|authentication md5|sha|sha-1|sha-224|sha-256|sha-384|sha-512|sha1|sha2|hmacmd5|hmacsha T § [priv|privacy [des|3des|des56|aes|aes-128|aes-192|aes-256] [128|192|256] T §]
            auth|authentication md5|sha|sha-256 T § priv|privacy T §
            priv|privacy des|3des|des56|aes|aes-128|aes-192|aes-256|aescfb128 [128|192|256] T §
            auth-password|priv-password|authpassword|privpassword T §
            """;

    /** Security and VPN command references: IKE, IPsec, PKI, dial-in, tunnels. */
    private static final String TUNNELS = """
            crypto isakmp key T § address|hostname
            crypto isakmp key T §
            isakmp key T §
            pre-shared-key [local|remote] [address|hostname * [*] key] [hex] T §
            pre-shared-key [address|hostname *] key T §
            pre-share key T §
            ikev1|ikev2 .. pre-shared-key T §
            ike .. pre-shared-secret T §
            set session-key inbound|outbound ah N §
            set session-key inbound|outbound esp N cipher § [authenticator §]
            set session-key inbound|outbound esp N authenticator §
            crypto pki|ca import|export * pkcs12 .. password|passphrase T §
            crypto pki|ca import|export * pkcs12 U [3des|des] §
            crypto pki|ca import|export * pkcs12 §
            crypto pki|ca import|export * pem .. 3des|des|password §
            crypto pki|ca import|export * pem url U §
            crypto pki|ca import|export * pem [terminal] §
            crypto key export rsa|ec * pem .. 3des|des §
            crypto key import rsa|ec * .. terminal §
            crypto key import rsa|ec * .. url U §
            crypto .. password|passphrase T §
            database archive pkcs12|pem password T §
            challenge-password|revocation-password|sftp-password T §
            challenge|re-enter|reenter|verify password T §!
            ppp .. password T §+
            ppp chap|pap|eap password T §
            l2tp .. password|secret T §
            tunnel password T §
            digest secret T §
            vpdn .. password T §
            pppoe .. password T §
            dialer .. password T §
            domain .. password T §
            authorization .. password T §
            aaa .. password T §
            subscriber .. password T §
            cellular * lte profile create N * chap|pap|pap_chap * §
            lte profile create N * chap|pap|pap_chap * §
            profile .. password|pass T §
            cwmp|management server password T §
            connection request password T §
            fcsp dhchap password T §
            fcsp dhchap devicename * password T §
            """;

    /** Wireless LAN, voice, file transfer, Smart Licensing, SD-WAN, appliances. */
    private static final String SERVICES = """
            wpa-psk ascii|hex T §
            psk set-key ascii|hex T §
            psk ascii|hex T §
            psk provisioning key N T §
            set-key ascii|hex T §
            static-wep-key encryption N ascii|hex T §
            encryption key N size * T §
            encryption vlan N key N size * T §
            wep key * N hex|ascii §
            wpa-personal-key|wpa-key|wep-key T §
            config radius|tacacs auth|acct|authentication|accounting|athr add N * N ascii|hex §
            config mgmtuser add * § read-only|read-write
            config mgmtuser add * §
            config mgmtuser password * §
            config netuser add * §
            config netuser password * §
            config snmp community create §
            config snmp v3user create * ro|rw hmacmd5|hmacsha|none des|aescfb128|none § [§]
            config ap mgmtuser add username * password § [secret §]
            config ap mgmtuser add * § [§]
            config ap 802.1xuser add username * password §
            config ap username * password §
            config .. psk set-key ascii|hex §
            config wlan security .. ascii|hex §
            authentication username * password T §
            credentials username|number * .. password T §
            web admin system|customer name * password|secret T §
            ip ftp|http|scp|rcmd .. password T §
            ftp|tftp|http|ssh|xml client .. password T §
            ip wccp .. password T §
            wccp .. password T §
            http-proxy|https-proxy|proxy .. password T §
            http proxy .. password T §
            mail-server *:§@
            mail server *:§@
            archive .. password T §
            security .. password T §
            ata-ivr-pwd §
            voice .. password T §
            ^ pin T § $
            cable shared-secret T §
            cable shared-secondary-secret .. T §
            syscon password T §
            syscon address * §
            wlccp * username * .. password T §
            iscsi|islb .. password T §
            scansafe license T §
            ^ license T! §
            license-server .. secret T §
            license-server secret T §
            license smart register|trust [idtoken] T §!
            license smart register|trust idtoken T §
            license smart reservation install §!
            license smart reservation|authorization return [authorization] §!
            chassis-number|chassis-num * token §
            request .. token|password §!
            ^ token|api-key|access-key §! $
            user W [group *] password T §+
            user W .. password|secret T §+
            user|login|usr * pass|pw|pwd|passwd|passcode §
            login * password §
            wireless .. password|secret T §
            telemetry .. password T §
            pnp .. password T §
            ddns .. password T §
            clid .. password T §
            """;

    private DevicePhrases() {}

    public static List<Phrase> all() {
        return Stream.of(ACCESS, PROTOCOLS, TUNNELS, SERVICES)
                .flatMap(table -> Phrase.table(table).stream())
                .toList();
    }
}
