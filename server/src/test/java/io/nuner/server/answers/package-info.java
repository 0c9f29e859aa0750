@NullMarked
package io.nuner.server.answers;

import org.jspecify.annotations.NullMarked;
