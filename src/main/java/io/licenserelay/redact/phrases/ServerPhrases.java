package io.licenserelay.redact.phrases;

import io.licenserelay.redact.rules.CommandLines;
import java.util.List;
import java.util.stream.Stream;

/**
 * Commands and configuration of servers and tools that carry a secret where no key names it: from the references of
 * Redis, PostgreSQL, MySQL, Oracle, SQL Server, MongoDB, OpenLDAP, Samba, FTP and mail protocols, and of the tools around
 * them. Options of commands are found by {@link CommandLines}.
 */
public final class ServerPhrases {
    /** Redis and its sentinels; {@code AUTH} is a command only in capitals, at a prompt, or quoted as MONITOR prints it. */
    private static final String REDIS = """
            requirepass|masterauth|primaryauth|tls-key-file-pass|tls-client-key-file-pass §
            config set K §
            config rewrite|set .. requirepass|masterauth|primaryauth §
            sentinel auth-pass * §
            sentinel set * auth-pass|auth-user §
            auth-pass * §
            acl setuser * .. on >§
            acl setuser * >§
            setuser .. on >§
            setuser * >§
            user * on >§
            user * .. on #§
            user * on #§
            hello N auth * §
            migrate * N * N N .. auth2 * §
            migrate * N * N N .. auth §
            =AUTH2 * §
            =AUTH PLAIN|LOGIN|XOAUTH2|CRAM-MD5|OAUTHBEARER|NTLM §!
            =AUTH default §?
            =AUTH §? $
            =AUTH W §? $
            =AUTH §!
            =AUTH W §!
            ^ auth §? $
            ^ auth W §? $
            """;

    /** SQL, whatever the dialect. */
    private static final String SQL = """
            =IDENTIFIED by [values|password] § [replace §]
            create|alter .. identified by [values|password] § [replace §]
            grant .. identified by [values|password] §
            identified by [values|password] §"
            identified with * by|as [password] §
            identified via * using|as [password] §
            identified using|as §"
            set password [for *] [to] [password] §"
            set password for * * §"
            password|old_password §"
            thin|oci|oci8 */§@
            encrypted|unencrypted password §"
            alter|create user|role|login|group * .. password [to] §"
            alter|create user|role|login|group * .. password §!
            alter|create user|role|login * .. old_password §"
            options .. password §"
            decryption|encryption by password §"
            with password|secret [to] §"
            """;

    /** LDAP, mail, file transfer, remote access, the secrets files of VPN and dial-in daemons. */
    private static final String DAEMONS = """
            rootpw|bindpw|olcrootpw|userpassword|sasl_passwd|bindpassword|ldap_default_authtok §?
            =PSK|EAP|XAUTH|NTLM|PIN §"
            machine * login * password §
            default login * password §
            rocommunity|rwcommunity|rocommunity6|rwcommunity6|trapcommunity §?
            com2sec|com2sec6 * * §
            trapsink|trap2sink|informsink * §
            createuser * md5|sha|sha-224|sha-256|sha-384|sha-512 § [des|aes|aes-256 §]
            snmpv1|snmpv2c [{] c §
            c § getrequest|getnextrequest|getresponse|getbulk|setrequest|v2trap|trap|inform
            ^ =PASS §? $
            =FTP|POP|POP3 pass §?
            command pass §!
            ^ user W §! $
            imap|a1|a2|a01|a02|a001|a002 login * §
            nickserv identify §
            monitorrole|controlrole §?
            wireguard|wg psk|private-key|preshared-key §
            """;

    /** Arguments of commands that stand in a fixed place. */
    private static final String TOOLS = """
            htpasswd -* * * §
            htpasswd -* * §!
            chpasswd [<<<] *:§
            rabbitmqctl|rabbitmqadmin .. add_user|change_password|authenticate_user * §
            radtest -* * § * * §
            radclient -* * auth|acct|coa|disconnect|status §
            smbclient|rpcclient|net|winexe|smbget|smbmap|wmic .. -u|--user *%§
            smbclient * §!
            net use U U U §
            net use U U §
            net use * U §
            net use U §!
            net user * §!
            net ads|rpc join .. *%§
            cmdkey .. /pass:§
            xfreerdp|wfreerdp .. /p:§
            schtasks .. /rp §
            wmic .. /password:§
            lftp .. -u *,§
            wpa_passphrase * §
            iwconfig * key|enc s:§
            iwconfig * key|enc §
            nmcli .. password|wifi-sec.psk|802-11-wireless-security.psk §
            ipmitool .. user set password N §
            addauth digest *:§
            add-user.sh|add-user.bat -* W §
            vault login [token] §!
            openssl passwd -* §!
            openssl enc .. -k|-pass|-hmac §
            echo|printf -* §? | passwd|sudo|su|kinit|docker|podman|cryptsetup|smbpasswd
            echo|printf -* *:§ | [sudo] chpasswd
            aws configure set K §
            git|npm|yarn|gh|pip|composer config [set] -* K §
            ssh|scp|sftp|ftp|rsync|smtp|proxy -* *:§@
            sp_addlogin|sp_password * §"
            sp_addlinkedsrvlogin * * * * §"
            auth|httpbasicauth|basicauth|login|authenticate|passwordauthentication|changeuserpassword ( * §"
            auth ( §" $
            credentials|usernamepasswordcredentials|usernamepasswordtoken|passwordcredentials ( * §"
            getconnection ( * * §"
            aes_encrypt|aes_decrypt|pgp_sym_encrypt|pgp_sym_decrypt ( * §"
            rasdial * * §
            kinit|su * <<< §
            crypt ( §"
            connect|conn [to] [target|auxiliary|catalog] */§@
            connect|conn target|auxiliary|catalog */§
            sqlplus|sqlldr|rman|exp|imp|expdp|impdp|dgmgrl|sqlcl -* [target|auxiliary|catalog] */§@
            sqlplus|sqlldr|rman|exp|imp|expdp|impdp|dgmgrl|sqlcl -* [target|auxiliary|catalog] */§
            """;

    private ServerPhrases() {}

    /** Words may be quoted one by one. */
    public static List<Phrase> statements() {
        return Stream.of(REDIS, SQL, DAEMONS)
                .flatMap(table -> Phrase.table(table).stream())
                .toList();
    }

    /** Words may be quoted and have commas between them. */
    public static List<Phrase> commands() {
        return Phrase.table(TOOLS);
    }
}
