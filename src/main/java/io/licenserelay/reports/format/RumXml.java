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
 * Reads the output of {@code license smart save usage}: one or more reports in CDATA or as escaped text within
 * {@code <RUMReport>}, with or without an enclosing {@code <smartLicense>}. DTDs and external entities are off.
 */
public final class RumXml {
    private static final String REPORT = "RUMReport";
    private static final Pattern START = Pattern.compile("<(?:[\\w.-]{1,40}:)?" + REPORT + "[\\s/>]");
    private static final int MAX_DEPTH = 16;
    private static final int MAX_REPORTS = 10_000;
    private static final int MAX_NAMES = 100_000;
    private static final XMLInputFactory XML = factory();

    private final List<RumReport> reports = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    /** The text outside the reports. */
    private final StringBuilder outsideReports = new StringBuilder();

    private boolean anyAck;
    private int number;
    private int names;

    private RumXml() {}

    /** The text before the first report, or the whole text if it has no report. */
    static String beforeReports(String text) {
        Matcher start = START.matcher(text);
        return start.find() ? text.substring(0, start.start()) : text;
    }

    public static ParsedFile read(String text) {
        RumXml reader = new RumXml();
        try {
            // Several reports without an enclosing element are not an XML document, so one is added.
            reader.reports("<files>" + text + "</files>");
        } catch (XMLStreamException e) {
            String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            reader.problems.add("the file is not complete XML: " + message);
        } catch (MalformedReport e) {
            reader.problems.add(String.valueOf(e.getMessage()));
        }
        reader.reportUnreadParts();
        if (reader.number == 0 && reader.problems.isEmpty()) {
            reader.problems.add("the file has no <" + REPORT + ">");
        }
        return ParsedFile.of(reader.reports, reader.problems);
    }

    private void reports(String document) throws XMLStreamException, MalformedReport {
        int depth = 0;
        XMLStreamReader xml = XML.createXMLStreamReader(new StringReader(document));
        while (xml.hasNext()) {
            int event = xml.next();
            checkNames(xml, event);
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (event == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals(REPORT)) {
                report(xml);
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                outsideReports.append(xml.getText());
            } else if (event == XMLStreamConstants.START_ELEMENT && ++depth > MAX_DEPTH) {
                throw new MalformedReport("the elements are nested deeper than " + MAX_DEPTH);
            } else if (event == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals(AckFile.ELEMENT)) {
                anyAck = true;
            }
        }
    }

    /** Limits the number of names, because the parser keeps every name in memory. */
    private void checkNames(XMLStreamReader xml, int event) throws MalformedReport {
        if (event == XMLStreamConstants.START_ELEMENT) {
            names += 1 + xml.getAttributeCount();
        } else if (event == XMLStreamConstants.PROCESSING_INSTRUCTION) {
            names++;
        }
        if (names > MAX_NAMES) {
            throw new MalformedReport("the file contains more than " + MAX_NAMES + " elements and attributes");
        }
    }

    private void reportUnreadParts() {
        if (anyAck) {
            problems.add(
                    "the file contains an acknowledgement among reports, which was not read; put the acknowledgement into a separate file");
        }
        if (DeviceStatus.isStatus(outsideReports.toString())) {
            problems.add(
                    "the file contains the output of a device command among reports, which was not read; put the output into a separate file");
        }
    }

    private void report(XMLStreamReader xml) throws MalformedReport, XMLStreamException {
        if (++number > MAX_REPORTS) {
            throw new MalformedReport("the file contains more than " + MAX_REPORTS + " reports; the rest was not read");
        }
        String text = xml.getElementText();
        try {
            reports.add(RumJson.read(text));
        } catch (MalformedReport e) {
            problems.add("report " + number + ": " + e.getMessage());
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
