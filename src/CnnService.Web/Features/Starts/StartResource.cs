using CnnService.Core.Architecture;
using CnnService.Core.Models.Starts;

namespace CnnService.Web.Features.Starts;

/// <param name="Items">The starts by name.</param>
/// <param name="Unusable">Why starts that were found cannot be used, a sentence each.</param>
internal sealed record StartsResource(IReadOnlyList<StartResource> Items, IReadOnlyList<string> Unusable);

/// <summary>A trained network to start from.</summary>
internal sealed record StartResource
{
    /// <summary>The name for <c>startFrom.pretrained</c> and for <c>model</c>.</summary>
    public required string Name { get; init; }

    public required string Summary { get; init; }

    /// <summary>The images that it was trained on.</summary>
    public required string TrainedOn { get; init; }

    /// <summary>Where its file comes from.</summary>
    public required string Source { get; init; }

    /// <summary>The licence of that source.</summary>
    public required string Licence { get; init; }

    /// <summary>What the source says, and does not say, of the terms of the weights.</summary>
    public required string Terms { get; init; }

    /// <summary>SHA-256 (hex) of its file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length of its file.</summary>
    public required long Bytes { get; init; }

    /// <summary>The images it takes: whatever starts from it takes the same.</summary>
    public required InputSpec Input { get; init; }

    /// <summary>Number of features it gives for an image.</summary>
    public required int Features { get; init; }

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public static StartResource From(Start start) => new()
    {
        Name = start.Name,
        Summary = start.Manifest.Summary,
        TrainedOn = start.Manifest.TrainedOn,
        Source = start.Manifest.Source,
        Licence = start.Manifest.Licence,
        Terms = start.Manifest.Terms,
        Sha256 = start.Manifest.Sha256,
        Bytes = new FileInfo(start.File).Length,
        Input = start.Manifest.Input,
        Features = start.Manifest.Features,
        Links = new Dictionary<string, string> { ["visualize"] = $"/visualize?model={start.Name}" },
    };
}
