/** What a tokenizer.json may hold, looked at before native code sees any of it. */
@NullMarked
package io.nuner.model.encode.check;

import org.jspecify.annotations.NullMarked;
