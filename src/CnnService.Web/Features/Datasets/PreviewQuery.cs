using System.ComponentModel;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Augmentation;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Datasets;

/// <summary>The image to show, and the fields of a training request that determine its augmentation.</summary>
internal sealed record PreviewQuery(
    [property: FromQuery, Description(
        "As in a training request: `none`, `article` (default), `strong`, or an object as JSON.")] string? Augmentation,
    [property: FromQuery, Description("Epochs shown, 1 to 64; default 8.")] int? Count,
    [property: FromQuery, Description("The run's seed, 0 to 2^53-1; default 42, as for training.")] long? Seed,
    [property: FromQuery, Description("The id of a training image; default the first one.")] string? Image,
    [property: FromQuery, Description("Side of the network's input in pixels, 8 to 512; default 150, the article's.")] int? Size)
{
    private const string DefaultAugmentation = "article";
    private const long DefaultSeed = 42;
    private const long MaxSeed = (1L << 53) - 1;

    /// <summary>The preview to draw; reports all violated rules together.</summary>
    public Outcome<AugmentationPreviewRequest> For(DatasetManifest dataset)
    {
        var errors = new ValidationErrors();
        var augmentation = AugmentationSpec.Read(Json(Augmentation ?? DefaultAugmentation), errors.At("augmentation"))
            ?? AugmentationSpec.None;
        var count = Count ?? AugmentationPreviewRequest.DefaultCount;
        var seed = Seed ?? DefaultSeed;
        var side = Size ?? AugmentationPreviewRequest.DefaultSide;
        errors.Between(count, 1, AugmentationPreviewRequest.MaxCount, "count");
        errors.Between(seed, 0, MaxSeed, "seed");
        errors.Between(side, AugmentationPreviewRequest.MinSide, AugmentationPreviewRequest.MaxSide, "size");
        return errors.Any
            ? Problem.Validation(errors)
            : Find(dataset).Bind<AugmentationPreviewRequest>(image => new AugmentationPreviewRequest
            {
                Dataset = dataset,
                Image = image,
                Augmentation = augmentation,
                Seed = seed,
                Count = count,
                Side = side,
            });
    }

    /// <summary>Parses text that starts like an object and is valid JSON; any other text is a name.</summary>
    private static JsonElement Json(string text)
    {
        try
        {
            return text.AsSpan().TrimStart().StartsWith("{")
                ? JsonSerializer.Deserialize<JsonElement>(text)
                : JsonSerializer.SerializeToElement(text);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }

    private Outcome<DatasetImage> Find(DatasetManifest dataset)
    {
        var found = Image is not null ? dataset.Images.Find(Image)
            : dataset.Images.Of(Split.Train) is { Count: > 0 } images ? images[0]
            : null;
        return found switch
        {
            { Split: Split.Train } => found,
            null when Image is null =>
                Problem.Unprocessable("dataset.empty-split", $"The data set '{dataset.Name}' has no training images."),
            null => Problem.NotFound("image.not-found", $"The data set '{dataset.Name}' has no image '{Image}'."),
            _ => Problem.Unprocessable("image.not-for-training",
                $"The image '{Image}' is kept for {found.Split.ToWireName()}: only training images are changed."),
        };
    }
}
