namespace CnnService.Core.Datasets;

/// <summary>Number of images in each split.</summary>
public sealed record SplitCounts(int Train, int Validation, int Test)
{
    /// <summary>Counted without reading an image.</summary>
    public static SplitCounts Of(ImageList images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new(images.CountOf(Split.Train), images.CountOf(Split.Validation), images.CountOf(Split.Test));
    }

    public static SplitCounts Count(IEnumerable<DatasetImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var counts = new int[Enum.GetValues<Split>().Length];
        foreach (var image in images)
        {
            counts[(int)image.Split]++;
        }

        return new(counts[(int)Split.Train], counts[(int)Split.Validation], counts[(int)Split.Test]);
    }
}
