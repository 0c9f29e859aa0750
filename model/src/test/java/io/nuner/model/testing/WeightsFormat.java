package io.nuner.model.testing;

/** The file formats a checkpoint's weights come in. */
public enum WeightsFormat {
    SAFETENSORS("model.safetensors"),
    PYTORCH_BIN("pytorch_model.bin");

    private final String fileName;

    WeightsFormat(String fileName) {
        this.fileName = fileName;
    }

    /** The weights' name inside the checkpoint directory. */
    public String fileName() {
        return fileName;
    }
}
