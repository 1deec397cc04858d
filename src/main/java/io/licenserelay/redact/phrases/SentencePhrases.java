package io.licenserelay.redact.phrases;

import java.util.List;

/** How people and programs tell a secret in a sentence: chats, tickets, prompts with their answer, messages of tools. */
public final class SentencePhrases {
    private static final String SENTENCES = """
            password|passwd|passphrase|passcode|passwort|kennwort|pwd|psk is|was|equals|became|becomes|ist|lautet [now|still|currently|again] [set|changed|reset|updated|rotated] [to] §~
            password|passwd|passphrase|passcode|pwd|psk has|have been set|changed|reset|updated|rotated [from § ] to §~
            password|passwd|passphrase|passcode|pwd|psk set|changed|reset|updated|rotated|rolled|modified [from § ] to §~
            password|passwd|passphrase|passcode|pwd|psk will|should|must|to be set|changed|reset [to] §~
            password|passwd|passphrase|passcode|pwd|psk should|must|will|shall be §~
            password|passwd|passphrase|passcode|passwort|kennwort|pwd|psk for|of|on|fuer|für|von ..: §~
            password|passwd|passphrase|passcode|pwd|psk for|of|on .. is|was|equals [now] [set] [to] §~
            password|passwd|passphrase|passcode|pwd|psk for|of|on .. set|changed|reset|updated from § to §~
            password|passwd|passphrase|passcode|pwd|psk for|of|on .. set|changed|reset|updated to §~
            credential|credentials|secrets|passwords is|was|are|were [now] [set|changed|reset] [to] §!
            secret|pin|pincode is|was|equals [now] [set|changed|reset] [to] §~
            secret|key|pin|credentials for|of ..: §!
            secret|key|pin|credentials set|changed|reset|updated|rotated to §!
            token|key is|was|equals|becomes [now] [set] [to] §!
            pw|pass is|was [now] [set|changed|reset] [to] §!
            using|with|use|try|tried|enter|entered|type|typed|used password|passphrase|passwd|pin §? $
            radius|tacacs|tacacs+|ike|ikev1|ikev2|vpn|isakmp|wlan|wifi|wpa|wpa2|wpa3 key|secret|psk|password is|was [now] [set] [to] §~
            radius|tacacs|tacacs+|ike|ikev1|ikev2|vpn|isakmp|wlan|wifi|wpa|wpa2|wpa3 key|secret|psk|password: §~
            radius|tacacs|tacacs+|ike|ikev1|ikev2|vpn|isakmp|wlan|wifi|wpa|wpa2|wpa3 key|secret|psk|password §? $
            radius|tacacs|tacacs+|ike|ikev1|ikev2|vpn|isakmp|wlan|wifi|wpa|wpa2|wpa3 key|secret|psk §!
            pre-shared|shared key|secret §!
            with|using community §? $
            with|using community §!
            pass phrase|word|code: §~
            pass phrase|code is|was|equals [now] [set] [to] §~
            pass phrase for|of ..: §~
            community string|name is|was|equals [now] [set] [to] §~
            community string|name: §
            snmp community [string|name] is|was|set|changed [to] §~
            community is|was|set|changed [to] §!
            community|shared|pre-shared|preshared|encryption|secret|master|api|access|private string|key|secret is|was [now] [set] [to] §~
            community|shared|pre-shared|preshared|encryption|secret|master|api|access|private string|key|secret: §~
            community string §!
            mot de passe: §~
            mot de passe est §~
            mot de passe pour|de ..: §~
            contraseña|contrasena|senha|wachtwoord|lösenord|hasło|heslo is|es|é|är|to §~
            using|with|entered|typed|sent|tried|trying password|passphrase|passwd|secret §!
            password|passwd|passphrase|passcode|kennwort|passwort|pwd §!
            password|passwd|passphrase|pwd §"
            secret §" $
            secret|pre-shared-key §!
            login|logon|logged|connect|conn [in] [as|with|using|user] A/§@
            login|logon|logged|connect|conn [in] [as|with|using|user] A/§
            login|logon|logged|authentication|auth .. A/§!
            login|logon|logged|connect|connected|conn|authenticate|authenticating [in] [as|with|using|user] */§!
            user|username|account|login|credentials|creds|auth|cred [is|are|was] */§!
            user|username|account|login|credentials|creds|auth|cred [is|are|was] A/§
            user|username|login|credentials|creds|auth|cred [is|are|was] *:§!
            user|username|account|login|credentials|creds|cred [is|are|was] A:§
            login|logon|logged|connect|conn|authenticate|ssh [in|as|with|using|user] A:§
            """;

    private SentencePhrases() {}

    public static List<Phrase> all() {
        return Phrase.table(SENTENCES);
    }
}
