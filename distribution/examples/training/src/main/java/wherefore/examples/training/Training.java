package wherefore.examples.training;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What both examples do alike. */
final class Training {
  private Training() {}

  static void fit(
      MultiLayerNetwork network,
      INDArray inputs,
      INDArray labels,
      int epochs,
      int batch,
      long seed) {
    DataSet all = new DataSet(inputs, labels);
    for (int epoch = 0; epoch < epochs; epoch++) {
      all.shuffle(seed + epoch);
      all.batchBy(batch).forEach(network::fit);
      network.incrementEpochCount();
    }
  }

  static INDArray oneHot(Table table, int classes) {
    INDArray labels = Nd4j.zeros(table.rows().size(), classes);
    for (int row = 0; row < table.rows().size(); row++) {
      labels.putScalar(row, table.rows().get(row).label(), 1);
    }
    return labels;
  }

  /** The share of rows whose largest output is their label. */
  static double accuracy(MultiLayerNetwork network, INDArray inputs, Table table) {
    int[] predicted = network.predict(inputs);
    int right = 0;
    for (int row = 0; row < predicted.length; row++) {
      right += predicted[row] == table.rows().get(row).label() ? 1 : 0;
    }
    return (double) right / predicted.length;
  }

  static void report(
      String name, MultiLayerNetwork network, Table.Split split, double heldOutAccuracy) {
    System.out.printf(
        "%s: %,d parameters, %d training rows, %d held-out rows, held-out accuracy %.2f %%%n",
        name,
        network.numParams(),
        split.training().rows().size(),
        split.heldOut().rows().size(),
        100 * heldOutAccuracy);
  }
}
