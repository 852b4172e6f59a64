namespace CnnService.Core.Datasets;

/// <summary>How the files of a data set say which image has which label.</summary>
public enum LayoutKind
{
    /// <summary>A folder per class, optionally below a folder per split.</summary>
    Folders,

    /// <summary>Labels in the file names: <c>cat.1.jpg</c>.</summary>
    Names,

    /// <summary>A CSV or JSON Lines file with a row per image.</summary>
    Table,

    /// <summary>The JSON or CSV export of Label Studio, with one choice per image.</summary>
    LabelStudio,

    /// <summary>COCO's <c>instances_*.json</c>, where all boxes of an image have the same category.</summary>
    Coco,

    /// <summary>Tars in the form of WebDataset: <c>key.jpg</c> with <c>key.cls</c> or <c>key.json</c>.</summary>
    WebDataset,

    /// <summary>Parquet files with a row per image, as Hugging Face has them: <c>image.bytes</c>, <c>label</c>.</summary>
    Parquet,

    /// <summary>The binary version of CIFAR-10 or CIFAR-100: <c>data_batch_1.bin</c>.</summary>
    Cifar,

    /// <summary>IDX pairs as MNIST has them: <c>*-images-idx3-ubyte</c>, <c>*-labels-idx1-ubyte</c>.</summary>
    Idx,
}
