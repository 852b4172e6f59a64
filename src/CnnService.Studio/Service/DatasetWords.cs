using CnnService.Client;

namespace CnnService.Studio.Service;

/// <summary>Data sets in words.</summary>
internal static class DatasetWords
{
    /// <summary>An image may have several labels, or none, so those of the classes do not add up to all.</summary>
    public static long Images(DatasetResource dataset) => dataset.Images is { } all
        ? (long)all.Train + all.Validation + all.Test
        : dataset.Classes?.Sum(one => (long)Images(one)) ?? 0;

    public static int Images(DatasetClass one) => one.Train + one.Validation + one.Test;

    /// <summary>In a line: "3 classes, 2,000 images".</summary>
    public static string Describe(DatasetResource dataset) => dataset.Status switch
    {
        DatasetStatus.Importing => dataset.Progress.Total > 0
            ? $"importing · {Words.Count(dataset.Progress.Done)} of {Words.Count(dataset.Progress.Total)}" : "importing",
        DatasetStatus.Failed => dataset.Failure?.Detail ?? "could not be imported",
        _ => $"{Words.Count(dataset.Classes?.Count ?? 0, "class", "classes")} · {Words.Count(Images(dataset), "image", "images")}",
    };

    /// <summary>What the labels were read from.</summary>
    public static string Layout(LayoutKind? layout) => layout switch
    {
        LayoutKind.Folders => "a folder for each class",
        LayoutKind.Names => "the names of the files",
        LayoutKind.Table => "a table beside the images",
        LayoutKind.LabelStudio => "an export of Label Studio",
        LayoutKind.Coco => "COCO's annotations",
        LayoutKind.WebDataset => "WebDataset tars",
        LayoutKind.Parquet => "Parquet files",
        LayoutKind.Cifar => "CIFAR's binary files",
        LayoutKind.Idx => "IDX files, as MNIST's",
        _ => "the files",
    };
}
