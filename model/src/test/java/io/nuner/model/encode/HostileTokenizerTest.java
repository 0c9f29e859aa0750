package io.nuner.model.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.model.ModelException;
import io.nuner.model.encode.check.CheckedTokenizer;
import io.nuner.model.testing.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostileTokenizerTest {
    private static final long SEED = 20_261_130;

    private static Map<String, String> files = Map.of();

    @TempDir
    private Path directory;

    @BeforeAll
    static void make(@TempDir Path shared) {
        files = HostileTokenizers.make(shared, SEED);
    }

    @TestFactory
    Stream<DynamicTest> everyHostileFileIsRefusedInOneSentence() {
        assertThat(files).hasSizeGreaterThanOrEqualTo(66);
        return files.entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> assertRefused(file.getValue())));
    }

    private void assertRefused(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("tokenizer.json"), content);

        assertThatThrownBy(() -> SubwordTokenizer.open(file).close())
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FixedLength 0 | pre_tokenizer FixedLength is not supported",
                "split (a+)+$ | pre_tokenizer Split is not supported",
                "slow (a+)+$ | normalizer replaces the regular expression (a+)+$, which is not supported",
                "26 doublings | normalizer makes one character more than 64",
                "100,000 added tokens | added_tokens has more than 16384 values",
                "decoder Strip | decoder Strip is not supported",
                "post-processor ByteLevel | post_processor ByteLevel is not supported",
                "BPE | model BPE is not supported",
                "map: leaves the trie | precompiled_charsmap points outside its trie",
                "map: replacement inside a character | precompiled_charsmap points outside its replacements",
                "id that is not next | tokens are numbered in their order, which makes it 183",
                "unknown key | normalizer has the unknown key cleaner"
            })
    void theSentenceNamesThePart(String name, String sentence) {
        byte[] content = files.getOrDefault(name, "").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> SubwordTokenizer.open(Path.of("t"), content).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aPartThatIsNotUsedIsNotHandedOn() throws ModelException {
        JsonObject file = HostileTokenizers.tokenizer(Fixtures.BERT_W1, directory);
        file.add(
                "post_processor",
                JsonParser.parseString("{'type':'TemplateProcessing','single':[{'Sequence':{'id':'B'}}]}"));
        file.add("truncation", JsonParser.parseString("{'max_length':0,'stride':7}"));

        CheckedTokenizer checked =
                CheckedTokenizer.of(Path.of("t"), file.toString().getBytes(StandardCharsets.UTF_8));

        JsonObject handedOn = JsonParser.parseString(checked.json()).getAsJsonObject();
        assertThat(handedOn.get("post_processor").isJsonNull()).isTrue();
        assertThat(handedOn.get("truncation").isJsonNull()).isTrue();
        assertThat(handedOn.get("model")).isEqualTo(file.get("model"));
        assertThat(handedOn.get("normalizer")).isEqualTo(file.get("normalizer"));
    }

    /** What transformers 5 and sentencepiece converters write, beside our fixtures. */
    @Test
    void otherFormsOfTheSupportedEncodersAreAccepted() throws ModelException {
        JsonObject file = HostileTokenizers.tokenizer(Fixtures.MARKER_W1, directory);
        List<String> normalizers = List.of(
                "null",
                "{'type':'NFC'}",
                "{'type':'Sequence','normalizers':[{'type':'Lowercase'},{'type':'Replace','pattern':{'String':'\\n'},"
                        + "'content':' '},{'type':'Replace','pattern':{'Regex':'\\\\s{2,}'},'content':' '}]}");
        List<String> preTokenizers = List.of(
                "{'type':'Metaspace','replacement':'\u2581','add_prefix_space':true,'prepend_scheme':'always'}",
                "{'type':'Sequence','pretokenizers':[{'type':'Punctuation','behavior':'Isolated'},"
                        + "{'type':'Metaspace','replacement':'\u2581','prepend_scheme':'first'}]}");
        List<int[][]> pieces = new ArrayList<>();
        for (String normalizer : normalizers) {
            for (String preTokenizer : preTokenizers) {
                file.add("normalizer", JsonParser.parseString(normalizer));
                file.add("pre_tokenizer", JsonParser.parseString(preTokenizer));
                byte[] content = file.toString().getBytes(StandardCharsets.UTF_8);
                try (SubwordTokenizer tokenizer = SubwordTokenizer.open(Path.of("t"), content)) {
                    pieces.add(tokenizer.pieces(new String[] {"the"}));
                }
            }
        }

        assertThat(pieces).hasSize(6).allMatch(words -> words[0].length > 0);
    }
}
