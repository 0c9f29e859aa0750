package io.nuner.model.text;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/** Scripts that are written without spaces between words. Any thread. */
final class UnspacedScripts {
    private static final Set<UnicodeScript> ALL = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    /** The first letter of any of them is Thai. */
    private static final int FIRST = 0x0E01;

    private UnspacedScripts() {}

    /** True for a letter of one of the scripts. */
    static boolean isLetter(int codePoint) {
        return codePoint >= FIRST && Character.isLetter(codePoint) && ALL.contains(UnicodeScript.of(codePoint));
    }

    /**
     * True for a mark that may stand behind such a letter, where the reference takes it for a word of its own: a vowel sign, a tone
     * mark, a sound mark of Kana, a variation selector.
     */
    static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        if (type != Character.NON_SPACING_MARK && type != Character.COMBINING_SPACING_MARK) {
            return false;
        }
        UnicodeScript script = UnicodeScript.of(codePoint);
        return script == UnicodeScript.INHERITED || ALL.contains(script);
    }
}
