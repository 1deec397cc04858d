package io.licenserelay.redact.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The options of command line tools whose argument is a secret, from the tools' manuals. Options whose name says so
 * ({@code --password}) are found by {@link KeyNames} with any tool.
 */
final class ToolOptions {
    /**
     * Tools, an arrow, options. Behind an option: {@code *} its argument may or must be attached ({@code -pX}), {@code :}
     * the secret stands behind a colon ({@code -u user:X}), {@code ::} behind the last one. {@code login -p} is
     * {@code -p} somewhere behind the word login.
     */
    private static final String TABLE = """
            curl -> -u: -U: --user: --proxy-user: -E: --cert: --proxy-cert: --oauth2-bearer -a:
            http https httpie xh -> -a: --auth: -u:
            sshpass -> -p*
            mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlbinlog mysqlsh mysqlslap -> -p+
            mariadb mariadb-dump mariadb-admin mariadb-backup mariabackup xtrabackup mycli -> -p+
            mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles -> -p
            cqlsh beeline hdbsql influx arangosh -> -p
            nodetool -> -pw
            docker podman nerdctl buildah helm oc az crictl ctr skopeo kubectl flyctl -> login-p
            crictl ctr skopeo buildah podman -> --creds: --src-creds: --dest-creds: -u:
            redis-cli redis-benchmark redis-sentinel valkey-cli keydb-cli -> -a
            ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldapcompare ldapmodrdn ldapexop -> -w*
            ldappasswd -> -w* -s* -a*
            slappasswd -> -s
            snmpwalk snmpget snmpgetnext snmpset snmpbulkwalk snmpbulkget snmptrap snmpinform snmptable -> -c* -A* -X* -3m -3M -3k -3K
            snmpdf snmpstatus snmptest snmptranslate snmpvacm snmpdelta snmpnetstat snmpps -> -c* -A* -X*
            snmpusm -> -c* -A* -X* -Co -Cn
            check_snmp -> -C* -A* -X*
            snmp-check -> -c
            openssl -> -k -K -psk -hmac
            ipmitool ipmiutil -> -P* -K -Y
            ipmipower ipmi-sensors ipmi-sel ipmi-chassis bmc-info ipmi-fru ipmiconsole ipmi-config -> -p
            racadm ilorest esxcli hponcfg redfishtool -> -p
            keytool -> -new
            sqlcmd bcp osql isql tsql sqsh -> -P*
            zip unzip zipcloak -> -P*
            7z 7za 7zr 7zz rar unrar -> -p+
            ssh-keygen -> -N -P
            plink pscp psftp putty kitty winscp -> -pw
            psexec psexec64 winrs evil-winrm rdesktop wmiexec.py hydra medusa ncrack -> -p
            usermod useradd groupmod -> -p
            ncftp ncftpput ncftpget ncftpls -> -p
            add-user.sh add-user.bat jmxterm -> -p
            nsupdate dig delv -> -y::
            etcdctl -> --user:
            mosquitto_pub mosquitto_sub mosquitto_rr mosquitto_passwd -> -P
            swaks -> -ap
            sendemail -> -xp
            tacc tactest tac_client -> -p -k -s
            eapol_test rad_eap_test -> -s -p -S
            smbclient rpcclient winexe smbget wmic net -> -U%
            """;

    /** Which part of an argument is the secret. */
    enum Part {
        ALL,
        BEHIND_COLON,
        BEHIND_LAST_COLON,
        BEHIND_PERCENT
    }

    /** @param pattern ends where the argument begins */
    record Option(Pattern pattern, Part part) {}

    private static final Map<String, List<Option>> TOOLS = tools();

    private ToolOptions() {}

    /** The options of a tool; none if the word is no tool's name. */
    static List<Option> of(String tool) {
        String name = tool.endsWith(".exe") ? tool.substring(0, tool.length() - 4) : tool;
        return TOOLS.getOrDefault(name, List.of());
    }

    private static Map<String, List<Option>> tools() {
        Map<String, List<Option>> tools = new HashMap<>();
        TABLE.lines().forEach(line -> {
            String[] sides = line.split(" -> ", 2);
            List<Option> options = Arrays.stream(sides[1].split(" ", -1))
                    .map(ToolOptions::option)
                    .toList();
            for (String tool : sides[0].split(" ", -1)) {
                tools.computeIfAbsent(tool, name -> new ArrayList<>()).addAll(options);
            }
        });
        // The argument says itself what it is: pass:x, unlike file:x and env:X.
        tools.computeIfAbsent("openssl", name -> new ArrayList<>())
                .add(new Option(
                        Pattern.compile("[\\s\"']-[a-z_]{0,8}pass(?:in|out|word)?[\"',\\s]{1,4}+pass:"), Part.ALL));
        return tools;
    }

    private static Option option(String option) {
        Part part = option.endsWith("::")
                ? Part.BEHIND_LAST_COLON
                : option.endsWith(":") ? Part.BEHIND_COLON : option.endsWith("%") ? Part.BEHIND_PERCENT : Part.ALL;
        String name = option.replaceAll("[:*+%]+$", "");
        if (name.equals("login-p")) {
            return new Option(Pattern.compile("(?<=login)[^\\n]{0,200}?[\\s\"']-p(?:[ =]|[\"'],\\s?)"), part);
        }
        // Short options may be joined: -sku is -s -k -u.
        String joined = part != Part.ALL && name.length() == 2 ? "-[A-Za-z]{0,8}" + name.substring(1) : name;
        String behind = option.endsWith("+")
                ? "(?=[^\\s\"',])|(?=[\"'][^\"',\\s])"
                : option.endsWith("*") ? "[\"'],\\s?|[ =]{0,4}+" : "[ =]{1,4}+|(?=[\"'])(?![\"'],)|[\"'],\\s?";
        return new Option(Pattern.compile("[\\s\"']" + joined + "(?:" + behind + ")"), part);
    }
}
