package io.licenserelay.redact.phrases;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Words that follow a phrase such as {@code enable password} and are no secret: keywords of a configuration, and what
 * logs say about a secret without naming it.
 */
public final class PlainWords {
    private static final int LONGEST = 32;
    /** Words that hold a sentence together. */
    private static final Set<String> GRAMMAR = words("""
            sorry please try again a about above after again all already also am an and another any are as at back be because been before
            being below both but by can can't cannot could couldn't did didn't do does doesn't doing don't due during
            each either enough every few for from had has hasn't have haven't having he her here his how however i if
            in into is isn't it its itself just least less like longer many may me might more most much must my near
            needs neither never no none nor not nothing now of off on once one only onto or other others our out over
            own per same several shall she should shouldn't since so some still such than that the their them then
            there these they this those through times to too two under until unless up upon us via was wasn't we were
            weren't what when where whether which while who whose why will with within without won't would yet you
            your three four five six""");
    /** Values that tell what is wrong with a secret rather than the secret. */
    private static final Set<String> OUTCOMES = words("""
            wrong invalid incorrect expired missing required mismatch failed rejected denied unchanged changed set
            unset empty blank unknown""");

    private static final Set<String> SUBJECTS =
            words("password passwords passwd token tokens secret secrets credential");
    /** What becomes of a secret, and what a secret is like. */
    private static final Set<String> STATES = words("""
            written kept held sent read given taken known shown seen told made built put chosen got meant bound cut
            split drawn ever right fine absent accepted access acknowledged active again allowed ambiguous available awaiting away bad blank
            blocked broken cached changed checked cleared compromised correct corrupt corrupted critical crypted
            decrypted default defaults deleted denied deprecated different differs disabled done empty enabled
            encrypted ended entered equal equals error errors exceeded exceeds exists expired expires expiring failed
            failing fails failure failures fine forbidden forgotten found generated good granted hashed hidden
            identical ignored illegal immutable incomplete incorrect inactive ineffective insecure installed invalid
            issued known leaked least left limited locked long lost mandatory marked masked matched matches malformed
            mismatch mismatched mismatches missing needed new obsolete obtained ok okay old omitted optional outdated
            part partial passed pending permitted present preserved provided protected questionable readable ready
            received refreshed refused rejected removed renewed required requires reset restored retrieved returned
            reused revoked rotated safe saved secure sent set shared short shorter simple skipped stale stored strong
            succeeded succeeds success successful successfully supplied supported suspended temporary transient true
            truncated typed unacceptable unavailable unchanged undefined unencrypted unexpected unknown unlocked
            unprotected unreadable unset unsupported unused unverified updated used useless valid verified visible
            weak works worked wrong yes""");
    /** Parts and uses of secrets and of the systems that keep them. */
    private static final Set<String> NOUNS = words("""
            portion collision manipulation account accounts address age aging agent algorithm algorithms api application attempt attempts attribute
            authentication authenticator authorization auth backend backup block cache change changes character
            characters check checker checking checks cipher claim class client code command config configuration
            connection content context controller cookie count credentials data database date day days decoder
            decoding decryption device dialog directory digest domain encoder encoding encryption endpoint entry
            entries environment event exchange exception expiration expiry export feature field fields file files
            filter for form format function generation generator grant group handler hash hashes hashing header hint
            history host hours id ids import index information input interface issue item key keys length level
            lifetime limit line list lists lock lockout login logins logon lookup management manager material metadata
            method minutes mode module name names network node number object operation option options output owner
            page pair pairs parameter parameters parser parsing path pattern permission plugin policies policy pool
            port process processing prompt prompts property protection protocol provider proxy query reason reader
            recovery reference refresh registration renewal replacement repository request requests resolution
            resolver resource response responses result retrieval retries retry revocation role rotation router rule
            rules schema scope secs seconds section selection server servers service services session sessions setting
            settings setup signature size source standard state status step storage store stores strength string
            strings sync synchronization system table template text thread time timeout tool transmission transport
            type types update updates upgrade usage use user username users utility validation validator validity
            value values variable vault verification verifier version view volume warning words write writer""");
    /** Keywords that stand where a secret could, or behind one. */
    private static final Set<String> KEYWORDS = words("""
            use-vrf filter-vrf auth-password priv-password no-export no-advertise local-as internet additive gshut store-local pbkdf2 force realm create set-key pre-shared-secret pre-shared-key url bytes bits chars tries weeks months years yesterday today tomorrow created
            aaa accounting acct-port addr advertise aes aes-128 aes-192 aes-256 aes-cbc aescfb128 and-wait ascii
            auth-port authenticate authorize bundle cfm chain chap clear clear-text cleartext cmac-aes-128 complexity
            crypto-export cryptographic-algorithm delay des des56 destination dhcp disable enable engineid esp
            fallback-key generate hex hmac-md5 hmac-sha hmac-sha-1 hmac-sha-256 hmac-sha1 hmac-sha2-256 hostname igmp
            informs ipsec ipv4 ipv6 isakmp key-chain keychain key-id key-string keyring lacp level level-1 level-1-2
            level-2 level-all map md5 mode mschap mschapv2 network-admin network-operator nointeractive non-revertive
            nopassword noauth noencrypt null on-failure option ospf pap passive password-encrypt password-encryption
            peer permanent privilege privilege-mode priv property-list read-only read-write remote restrict ro rsa
            rsa-sig rw send send-lifetime accept-lifetime sha sha-1 sha-256 sha1 sha256 sha384 sha512 shutdown snmp
            source-interface ssh strength-check telnet timeouts traps udp-port v1 v2c v3 version vrf vty zeroize local
            remote-as hash-algorithm hkdf 3des min-length max-length minimum maximum post-encryption pre-encryption
            none never idle type-6 type6 type7 type-7 localizedkey localizedv2key default-group default-profile tls
            ssl starttls gssapi gss-spnego cram-md5 digest-md5 external ntlm login plain scram-sha-1 scram-sha-256
            scram-sha-512 xoauth2 oauthbearer bearer basic digest kerberos""");
    /** {@code rejected}, {@code rotating}: what was or is done to a secret. */
    private static final Pattern DEED = Pattern.compile("[a-z-]{3,24}(?:ed|ing|able|ible|ly)");

    private PlainWords() {}

    private static Set<String> words(String list) {
        return Set.copyOf(List.of(list.strip().split("\\s+", -1)));
    }

    /** The word is listed; {@code required} is no password where a password would stand. */
    static boolean isListed(String word) {
        if (word.length() > LONGEST) {
            return false;
        }
        String plain = strip(word).toLowerCase(Locale.ROOT);
        return GRAMMAR.contains(plain) || STATES.contains(plain) || NOUNS.contains(plain) || KEYWORDS.contains(plain);
    }

    /** The word is listed, or looks like what happened to something. */
    public static boolean isSaid(String word) {
        return isListed(word)
                || word.length() <= LONGEST && DEED.matcher(strip(word)).matches();
    }

    /** The value tells of a secret: {@code invalid}, {@code must be at least 8 characters}. */
    public static boolean isStatement(String value) {
        String[] words =
                value.length() > 4 * LONGEST ? new String[0] : value.strip().split("\\s+", 12);
        if (words.length < 2) {
            return words.length == 1 && OUTCOMES.contains(strip(words[0]).toLowerCase(Locale.ROOT));
        }
        for (int i = 0; i < words.length; i++) {
            if (!isSaid(words[i])
                    && !SUBJECTS.contains(strip(words[i]).toLowerCase(Locale.ROOT))
                    && (i == 0 || !words[i].chars().allMatch(Character::isDigit))) {
                return false;
            }
        }
        return true;
    }

    /** Without the punctuation of a sentence around it. */
    private static String strip(String word) {
        int end = word.length();
        while (end > 0 && ".,;:!?)'\"".indexOf(word.charAt(end - 1)) >= 0) {
            end--;
        }
        int start = 0;
        while (start < end && "('\"".indexOf(word.charAt(start)) >= 0) {
            start++;
        }
        return word.substring(start, end);
    }
}
