package io.licenserelay.reports.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes an XML file strictly. The byte order mark determines the encoding, then the XML declaration; without both it
 * is UTF-8.
 */
public final class XmlText {
    private static final Pattern DECLARATION = Pattern.compile("\\A\\s*<\\?xml\\s[^>]{0,200}\\?>");
    private static final Pattern ENCODING = Pattern.compile("encoding\\s*=\\s*[\"']([^\"']{1,40})[\"']");
    private static final int HEAD_BYTES = 300;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private XmlText() {}

    /**
     * Returns the text without byte order mark and declaration.
     *
     * @throws MalformedReport when the content is not valid in its encoding, or the encoding is not supported
     */
    public static String decode(byte[] content) throws MalformedReport {
        String text = decodeStrictly(content, charset(content));
        String withoutMark = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        return DECLARATION.matcher(withoutMark).replaceFirst("");
    }

    private static Charset charset(byte[] content) throws MalformedReport {
        if (startsWith(content, 0xFE, 0xFF) || startsWith(content, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16;
        }
        String head = new String(content, 0, Math.min(content.length, HEAD_BYTES), StandardCharsets.ISO_8859_1);
        Matcher declaration = DECLARATION.matcher(head);
        Matcher encoding = ENCODING.matcher(declaration.find() ? declaration.group() : "");
        return encoding.find() ? charsetOf(encoding.group(1)) : StandardCharsets.UTF_8;
    }

    private static Charset charsetOf(String name) throws MalformedReport {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new MalformedReport("the encoding \"" + name + "\" is not supported", e);
        }
    }

    private static String decodeStrictly(byte[] content, Charset charset) throws MalformedReport {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedReport("the file is not valid " + charset.name(), e);
        }
    }

    private static boolean startsWith(byte[] content, int first, int second) {
        return content.length > 1 && (content[0] & 0xFF) == first && (content[1] & 0xFF) == second;
    }
}
