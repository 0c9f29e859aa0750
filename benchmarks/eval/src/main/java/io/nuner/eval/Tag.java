package io.nuner.eval;

import java.util.Optional;

/**
 * A token's tag in any of the schemes IOB1, BIO (IOB2), IO, BIOES and BILOU.
 *
 * @param role one of O, B, I, E, S, L, U
 * @param type of the entity; empty outside of entities
 */
record Tag(char role, String type) {
    static final Tag OUTSIDE = new Tag('O', "");

    /** How a tag looks, for messages. */
    static final String FORM = "O or B-, I-, E-, S-, L- or U- and a type";

    private static final String ROLES_OF_ENTITIES = "BIESLU";

    /** The tag that is written so, if it is one. */
    static Optional<Tag> parse(String written) {
        if (written.equals("O")) {
            return Optional.of(OUTSIDE);
        }
        boolean isTag =
                written.length() > 2 && ROLES_OF_ENTITIES.indexOf(written.charAt(0)) >= 0 && written.charAt(1) == '-';
        return isTag ? Optional.of(new Tag(written.charAt(0), written.substring(2))) : Optional.empty();
    }

    boolean isOutside() {
        return role == 'O';
    }

    /** True if a token with this tag belongs to the entity of the token before it. */
    boolean continues(Tag before) {
        boolean goesOn = role == 'I' || role == 'E' || role == 'L';
        boolean open = before.role == 'B' || before.role == 'I';
        return goesOn && open && type.equals(before.type);
    }
}
