package wherefore.testkit;

import java.util.Collections;
import java.util.List;
import wherefore.graph.Window;

/** The forms of convolution that kernels get wrong. */
final class Convolutions {
  private Convolutions() {}

  /** A window, the extents it slides over, the weights'. */
  record Form(
      String name,
      Window window,
      List<Integer> outputPadding,
      int group,
      int[] input,
      int[] weights) {}

  private static int[] dims(int... dims) {
    return dims;
  }

  private static Form form(String name, Window w, int group, int[] input, int[] weights) {
    return new Form(name, w, Collections.nCopies(w.rank(), 0), group, input, weights);
  }

  private static Window asymmetric(int before, int after) {
    Window w = Window.of(3, 3);
    List<Integer> front = List.of(before, after);
    List<Integer> back = List.of(after, before);
    return new Window(w.kernel(), w.strides(), w.dilations(), front, back);
  }

  static List<Form> forms() {
    Window same = Window.of(3, 3).pads(1, 1);
    return List.of(
        form("one tap", Window.of(1, 1), 1, dims(2, 3, 5, 4), dims(7, 3, 1, 1)),
        form("same", same, 1, dims(1, 3, 7, 5), dims(4, 3, 3, 3)),
        form("batch of 7", same, 1, dims(7, 2, 4, 5), dims(3, 2, 3, 3)),
        form("empty batch", same, 1, dims(0, 2, 4, 5), dims(3, 2, 3, 3)),
        form("strided", same.strides(2, 2), 1, dims(2, 3, 8, 7), dims(5, 3, 3, 3)),
        form("uneven strides", same.strides(3, 1), 1, dims(1, 2, 8, 7), dims(3, 2, 3, 3)),
        form(
            "strided one tap",
            Window.of(1, 1).strides(2, 2),
            1,
            dims(1, 3, 7, 8),
            dims(4, 3, 1, 1)),
        form("dilated", same.dilations(2, 3).pads(2, 3), 1, dims(1, 2, 9, 8), dims(3, 2, 3, 3)),
        form(
            "strided, dilated",
            same.dilations(2, 1).strides(2, 3),
            1,
            dims(1, 2, 9, 8),
            dims(3, 2, 3, 3)),
        form("asymmetric pads", asymmetric(0, 2), 1, dims(2, 2, 6, 5), dims(3, 2, 3, 3)),
        form(
            "pads beyond the image",
            Window.of(3, 3).pads(3, 4),
            1,
            dims(1, 1, 2, 1),
            dims(2, 1, 3, 3)),
        form("kernel as large as image", Window.of(5, 4), 1, dims(2, 3, 5, 4), dims(6, 3, 5, 4)),
        form("groups", same, 2, dims(2, 4, 5, 6), dims(6, 2, 3, 3)),
        form("depthwise", same, 5, dims(1, 5, 6, 7), dims(5, 1, 3, 3)),
        form("depthwise, two each", same.strides(2, 1), 3, dims(2, 3, 6, 7), dims(6, 1, 3, 3)),
        form("wide", Window.of(1, 3).pads(0, 1), 1, dims(1, 2, 3, 301), dims(3, 2, 1, 3)),
        form("deep", Window.of(1, 1), 1, dims(1, 131, 3, 3), dims(35, 131, 1, 1)),
        form("one axis", Window.of(5).strides(2).pads(2), 1, dims(2, 3, 17), dims(4, 3, 5)),
        form(
            "one axis, dilated, groups",
            Window.of(3).dilations(4),
            2,
            dims(1, 4, 13),
            dims(2, 2, 3)),
        form(
            "three axes",
            Window.of(2, 3, 2).strides(1, 2, 2).pads(1, 1, 0),
            1,
            dims(2, 2, 4, 5, 6),
            dims(3, 2, 2, 3, 2)));
  }

  static List<Form> transposedForms() {
    Window same = Window.of(3, 3).pads(1, 1);
    Window wide = Window.of(3, 3).strides(2, 2);
    return List.of(
        form("one tap", Window.of(1, 1), 1, dims(2, 3, 5, 4), dims(3, 7, 1, 1)),
        form("same", same, 1, dims(1, 3, 7, 5), dims(3, 4, 3, 3)),
        form("batch of 7", same, 1, dims(7, 2, 4, 5), dims(2, 3, 3, 3)),
        form("empty batch", same, 1, dims(0, 2, 4, 5), dims(2, 3, 3, 3)),
        form("strided", wide, 1, dims(2, 3, 4, 5), dims(3, 2, 3, 3)),
        form(
            "stride beyond the kernel",
            Window.of(2, 1).strides(3, 4),
            1,
            dims(1, 2, 3, 4),
            dims(2, 3, 2, 1)),
        new Form(
            "output padding",
            wide.pads(1, 1),
            List.of(1, 0),
            1,
            dims(2, 2, 4, 3),
            dims(2, 3, 3, 3)),
        new Form(
            "stride and output padding",
            Window.of(1, 1).strides(3, 2),
            List.of(2, 1),
            1,
            dims(1, 2, 3, 3),
            dims(2, 2, 1, 1)),
        new Form(
            "output padding of more than a stride",
            Window.of(2, 2).dilations(3, 2),
            List.of(2, 1),
            1,
            dims(1, 2, 4, 3),
            dims(2, 3, 2, 2)),
        form("dilated", same.dilations(2, 3).pads(0, 1), 1, dims(1, 2, 5, 4), dims(2, 3, 3, 3)),
        form("strided, dilated", wide.dilations(3, 2), 1, dims(1, 2, 4, 3), dims(2, 3, 3, 3)),
        form("asymmetric pads", asymmetric(0, 2), 1, dims(2, 2, 6, 5), dims(2, 3, 3, 3)),
        form("groups", wide, 2, dims(2, 4, 3, 4), dims(4, 3, 3, 3)),
        form("depthwise", wide.pads(1, 1), 5, dims(1, 5, 4, 3), dims(5, 1, 3, 3)),
        form("one axis", Window.of(5).strides(3).pads(1), 1, dims(2, 3, 7), dims(3, 4, 5)),
        form(
            "three axes",
            Window.of(2, 3, 2).strides(2, 1, 2),
            1,
            dims(1, 2, 3, 4, 2),
            dims(2, 3, 2, 3, 2)));
  }
}
