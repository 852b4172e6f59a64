using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>A training image and the augmentation to preview on it.</summary>
public sealed record AugmentationPreviewRequest
{
    public const int DefaultCount = 8;
    public const int MaxCount = 64;
    public const int DefaultSide = 150;
    public const int MinSide = 8;
    public const int MaxSide = 512;

    public required DatasetManifest Dataset { get; init; }

    /// <summary>An image of the training split.</summary>
    public required DatasetImage Image { get; init; }

    public required AugmentationSpec Augmentation { get; init; }

    /// <summary>Seed of the run, 0 to 2^53-1.</summary>
    public required long Seed { get; init; }

    /// <summary>Number of epochs shown, 1 to 64.</summary>
    public int Count { get; init; } = DefaultCount;

    /// <summary>Side of each image in pixels, 8 to 512.</summary>
    public int Side { get; init; } = DefaultSide;

    /// <summary>Index of the image among the training images, which its random numbers depend on.</summary>
    internal int Index => Dataset.Images.IndexIn(Split.Train, Image.Id);

    internal string Changes => JsonSerializer.Serialize(Augmentation, CoreJson.Options);
}
