package io.nuner.client;

/** The README's example, so that it compiles. */
final class ReadmeSnippet {
    private ReadmeSnippet() {}

    @SuppressWarnings("SystemOut")
    static void run() throws ExtractionException {
        // README begins
        try (ExtractionClient client = ExtractionClient.connect(ClientConfig.plaintext("localhost:8001"))) {
            String text = "Ada Lovelace wrote to the Royal Society.";
            Extraction extraction = client.extract(text, Labels.of("person", "organization"));
            for (Entity entity : extraction.entities()) {
                System.out.println(entity.label() + ": " + text.substring(entity.start(), entity.end()));
            }
        }
        // README ends
    }
}
