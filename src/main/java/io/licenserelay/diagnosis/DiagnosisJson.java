package io.licenserelay.diagnosis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Diagnosis.Other;
import java.util.List;

/**
 * The JSON of a diagnosis in events. The structure is a published contract: fields may be added, never changed. The same
 * diagnosis always gives the same bytes.
 *
 * @param docsBase the base URL of the pages; the code is appended to it
 */
public record DiagnosisJson(String docsBase) {

    public ObjectNode of(Diagnosis diagnosis) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("code", diagnosis.code());
        node.put("title", diagnosis.title());
        node.put("confidence", diagnosis.confidence().wireName());
        node.put("owner", diagnosis.owner());
        texts(node.putArray("because"), diagnosis.because());
        ArrayNode ruledOut = node.putArray("ruledOut");
        diagnosis
                .ruledOut()
                .forEach(each -> ruledOut.addObject().put("code", each.code()).put("by", each.by()));
        texts(node.putArray("remedy"), diagnosis.remedy());
        others(node.putArray("others"), diagnosis.others());
        others(node.putArray("sideFacts"), diagnosis.sideFacts());
        return node.put("doc", doc(diagnosis.code()));
    }

    /** The URL of the page of a code. */
    public String doc(String code) {
        return docsBase + code;
    }

    private static void others(ArrayNode array, List<Other> others) {
        others.forEach(other -> {
            ObjectNode each = array.addObject();
            each.put("code", other.code()).put("title", other.title());
            each.put("confidence", other.confidence().wireName());
            texts(each.putArray("because"), other.because());
            texts(each.putArray("remedy"), other.remedy());
        });
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
