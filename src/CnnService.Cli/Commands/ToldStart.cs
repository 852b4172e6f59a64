using CnnService.Client;
using CnnService.Core.Models.Starts;
using InputSpec = CnnService.Core.Architecture.InputSpec;

namespace CnnService.Cli.Commands;

/// <summary>A trained start, with the fields of GET /starts.</summary>
internal sealed record ToldStart
{
    public required string Name { get; init; }

    public required string Summary { get; init; }

    public required string TrainedOn { get; init; }

    public required string Source { get; init; }

    public required string Licence { get; init; }

    public required string Terms { get; init; }

    /// <summary>Of its file, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length of its file.</summary>
    public required long Bytes { get; init; }

    public required InputSpec Input { get; init; }

    public required int Features { get; init; }

    public static ToldStart From(Start start) => new()
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
    };

    public static ToldStart From(StartResource start) => new()
    {
        Name = start.Name,
        Summary = start.Summary,
        TrainedOn = start.TrainedOn,
        Source = start.Source,
        Licence = start.Licence,
        Terms = start.Terms,
        Sha256 = start.Sha256,
        Bytes = start.Bytes,
        Input = new(start.Input.Height, start.Input.Width, start.Input.Channels),
        Features = start.Features,
    };
}
