namespace CnnService.Onnx.Import;

/// <summary>What the values of an output are.</summary>
internal enum OutputEnd
{
    /// <summary>Nothing tells: scores of classes where something else says that there are classes.</summary>
    Scores,

    /// <summary>A softmax of the value before it.</summary>
    Softmax,

    /// <summary>The logarithm of a softmax: its values are scores, whose softmax are the probabilities.</summary>
    LogSoftmax,

    /// <summary>A sigmoid of each of the values before it.</summary>
    Sigmoid,

    /// <summary>From 0 to 1 and summing to 1 for each trial image, by whatever means.</summary>
    Probabilities,

    /// <summary>From 0 to 100 and summing to 100 for each trial image.</summary>
    Percentages,
}
