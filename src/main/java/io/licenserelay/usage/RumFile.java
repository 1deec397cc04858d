package io.licenserelay.usage;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads files as {@code license smart save usage} writes them: reports in CDATA or as escaped text within {@code
 * <RUMReport>}, one or many, with or without {@code <smartLicense>} around them. Nothing outside the file is looked up.
 */
final class RumFile {
    private static final String REPORT = "RUMReport";
    private static final int DEEPEST = 16;
    private static final int MOST_REPORTS = 10_000;
    private static final XMLInputFactory XML = factory();

    private final int maxBytes;

    /** @param maxBytes larger files are refused, below 1 GiB */
    RumFile(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * All reports of the file, or none.
     *
     * @throws Unreadable when anything in it is no report that could be sent unchanged
     */
    List<RumReport> read(Path file) throws Unreadable {
        byte[] content;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            content = in.readNBytes(maxBytes + 1);
        } catch (IOException e) {
            throw new Unreadable("it cannot be read: " + e.getClass().getSimpleName(), e);
        }
        if (content.length > maxBytes) {
            throw new Unreadable("it is larger than " + maxBytes + " bytes");
        }
        // Several bare reports in a row are no XML document until one element holds them all.
        List<RumReport> reports = reports("<files>" + XmlText.decode(content) + "</files>");
        if (reports.isEmpty()) {
            throw new Unreadable("there is no <" + REPORT + "> in it");
        }
        return reports;
    }

    private static List<RumReport> reports(String document) throws Unreadable {
        List<RumReport> reports = new ArrayList<>();
        int depth = 0;
        try {
            XMLStreamReader xml = XML.createXMLStreamReader(new StringReader(document));
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                } else if (event == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals(REPORT)) {
                    reports.add(report(xml, reports.size() + 1));
                } else if (event == XMLStreamConstants.START_ELEMENT && ++depth > DEEPEST) {
                    throw new Unreadable("its elements are nested deeper than " + DEEPEST);
                }
            }
            return reports;
        } catch (XMLStreamException e) {
            String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            throw new Unreadable("it is no complete XML: " + message, e);
        }
    }

    private static RumReport report(XMLStreamReader xml, int number) throws Unreadable, XMLStreamException {
        if (number > MOST_REPORTS) {
            throw new Unreadable("it holds more than " + MOST_REPORTS + " reports");
        }
        try {
            return RumJson.read(xml.getElementText());
        } catch (Unreadable e) {
            throw new Unreadable("report " + number + " in it: " + e.getMessage(), e);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        return factory;
    }
}
