@NullMarked
package io.nuner.server.texts;

import org.jspecify.annotations.NullMarked;
