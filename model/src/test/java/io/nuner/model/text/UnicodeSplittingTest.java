package io.nuner.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnicodeSplittingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "我住在北京。|我 住在 北京 。",
                "東京へ行く|東京 へ 行く",
                "私はANAとJALを使う|私 は ANA と JAL を 使う",
                "東京-大阪|東京 - 大阪",
                "iPhone发布|iPhone 发布",
                "สวัสดีครับ|สวัสดี ครับ",
                "ผมอยู่กรุงเทพ|ผม อยู่ กรุงเทพ",
                "ຂ້ອຍຢູ່ວຽງຈັນ|ຂ້ອຍ ຢູ່ ວຽງຈັນ",
                "ខ្ញុំរស់នៅភ្នំពេញ|ខ្ញុំ រស់នៅ ភ្នំពេញ",
                "ကျွန်တော်မှာ|ကျွန်တော် မှာ"
            })
    void wordsOfScriptsWithoutSpacesAreFound(String text, String words) {
        assertThat(strings(WordSplitter.split(text, WordSplitting.UNICODE))).containsExactly(words.split(" "));
    }

    private static List<String> strings(Words words) {
        return IntStream.range(0, words.count()).mapToObj(words::word).toList();
    }
}
