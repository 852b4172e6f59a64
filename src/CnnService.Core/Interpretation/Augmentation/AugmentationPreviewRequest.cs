using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>One training image and how a run would change it.</summary>
public sealed record AugmentationPreviewRequest
{
    public const int DefaultCount = 8;
    public const int MaxCount = 64;
    public const int DefaultSide = 150;
    public const int MinSide = 8;
    public const int MaxSide = 512;

    public required DatasetManifest Dataset { get; init; }

    /// <summary>An image of its training split.</summary>
    public required DatasetImage Image { get; init; }

    public required AugmentationSpec Augmentation { get; init; }

    /// <summary>0 to 2^53-1.</summary>
    public required long Seed { get; init; }

    /// <summary>Epochs shown, 1 to 64.</summary>
    public int Count { get; init; } = DefaultCount;

    /// <summary>Pixels, 8 to 512.</summary>
    public int Side { get; init; } = DefaultSide;

    /// <summary>Where the image stands among the training images: what its changes are drawn by.</summary>
    internal int Index => Dataset.Images.Where(image => image.Split == Split.Train).Index().First(entry => entry.Item.Id == Image.Id).Index;

    internal string Changes => JsonSerializer.Serialize(Augmentation, CoreJson.Options);
}
