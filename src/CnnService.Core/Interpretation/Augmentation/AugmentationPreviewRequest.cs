using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>One training picture and how a run would change it.</summary>
public sealed record AugmentationPreviewRequest
{
    public const int UsualCount = 8;
    public const int MostCount = 64;
    public const int UsualSide = 150;
    public const int LeastSide = 8;
    public const int MostSide = 512;

    public required DatasetManifest Dataset { get; init; }

    /// <summary>A picture of its training split.</summary>
    public required DatasetImage Image { get; init; }

    public required AugmentationSpec Augmentation { get; init; }

    /// <summary>0 to 2^53-1.</summary>
    public required long Seed { get; init; }

    /// <summary>Epochs shown, 1 to 64.</summary>
    public int Count { get; init; } = UsualCount;

    /// <summary>Pixels, 8 to 512.</summary>
    public int Side { get; init; } = UsualSide;

    /// <summary>Where the picture stands among the training pictures: what its changes are drawn by.</summary>
    internal int Index => Dataset.Images.Where(image => image.Split == Split.Train).Index().First(entry => entry.Item.Id == Image.Id).Index;

    internal string Changes => JsonSerializer.Serialize(Augmentation, CoreJson.Options);
}
