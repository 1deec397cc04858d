package io.licenserelay.reports.format;

import io.licenserelay.reports.RumReport;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads text as {@code license smart save usage} writes it: reports in CDATA or as escaped text within {@code
 * <RUMReport>}, one or many, with or without {@code <smartLicense>} around them. Nothing outside the text is looked up.
 */
public final class RumXml {
    private static final String REPORT = "RUMReport";
    private static final Pattern START = Pattern.compile("<(?:[\\w.-]{1,40}:)?" + REPORT + "[\\s/>]");
    private static final int DEEPEST = 16;
    private static final int MOST_REPORTS = 10_000;
    private static final int MOST_NAMES = 100_000;
    private static final XMLInputFactory XML = factory();

    private final List<RumReport> reports = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    /** What stands in none of the reports. */
    private final StringBuilder beside = new StringBuilder();

    private boolean anyAck;
    private int number;
    private int names;

    private RumXml() {}

    /** The text up to its first report, all of it when it has none. */
    static String beforeReports(String text) {
        Matcher start = START.matcher(text);
        return start.find() ? text.substring(0, start.start()) : text;
    }

    public static ParsedFile read(String text) {
        RumXml reading = new RumXml();
        try {
            // Several bare reports in a row are no XML document until one element holds them all.
            reading.reports("<files>" + text + "</files>");
        } catch (XMLStreamException e) {
            String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            reading.complaints.add("it is no complete XML: " + message);
        } catch (MalformedReport e) {
            reading.complaints.add(String.valueOf(e.getMessage()));
        }
        reading.complainOfOthers();
        if (reading.number == 0 && reading.complaints.isEmpty()) {
            reading.complaints.add("there is no <" + REPORT + "> in it");
        }
        return ParsedFile.of(reading.reports, reading.complaints);
    }

    private void reports(String document) throws XMLStreamException, MalformedReport {
        int depth = 0;
        XMLStreamReader xml = XML.createXMLStreamReader(new StringReader(document));
        while (xml.hasNext()) {
            int event = xml.next();
            bound(xml, event);
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (event == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals(REPORT)) {
                report(xml);
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                beside.append(xml.getText());
            } else if (event == XMLStreamConstants.START_ELEMENT && ++depth > DEEPEST) {
                throw new MalformedReport("its elements are nested deeper than " + DEEPEST);
            } else if (event == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals(AckFile.ELEMENT)) {
                anyAck = true;
            }
        }
    }

    /** The parser remembers every name that it has met. */
    private void bound(XMLStreamReader xml, int event) throws MalformedReport {
        if (event == XMLStreamConstants.START_ELEMENT) {
            names += 1 + xml.getAttributeCount();
        } else if (event == XMLStreamConstants.PROCESSING_INSTRUCTION) {
            names++;
        }
        if (names > MOST_NAMES) {
            throw new MalformedReport("it holds more than " + MOST_NAMES + " elements and attributes");
        }
    }

    private void complainOfOthers() {
        if (anyAck) {
            complaints.add(
                    "it holds an acknowledgement among reports, which was not read; put it into a file of its own");
        }
        if (DeviceStatus.isOne(beside.toString())) {
            complaints.add(
                    "it holds a device's output among reports, which was not read; put it into a file of its own");
        }
    }

    private void report(XMLStreamReader xml) throws MalformedReport, XMLStreamException {
        if (++number > MOST_REPORTS) {
            throw new MalformedReport("it holds more than " + MOST_REPORTS + " reports; the rest was not read");
        }
        String text = xml.getElementText();
        try {
            reports.add(RumJson.read(text));
        } catch (MalformedReport e) {
            complaints.add("report " + number + " in it: " + e.getMessage());
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
