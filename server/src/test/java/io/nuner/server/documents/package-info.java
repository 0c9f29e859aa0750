@NullMarked
package io.nuner.server.documents;

import org.jspecify.annotations.NullMarked;
