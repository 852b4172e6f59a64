using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>The tags of the OpenAPI document in the order of a person's way through the service, each with a sentence.</summary>
internal sealed class TagDocs : IDocumentFilter
{
    private static readonly (string Name, string Text)[] Known =
    [
        ("Data sets", "Images to train on: import, browse, add to, preview as training will see them."),
        ("Training", "Runs: start one, follow it, see how well it went, cancel and resume it."),
        ("Sweeps", "Many trainings that differ in some fields, ranked."),
        ("Architectures", "Networks before training: the presets, and the layer table of one's own."),
        ("Models", "What training and imports result in: versions, files, aliases, settings of serving."),
        ("Classification", "Classify images, one, many or a whole data set."),
        ("Seeing inside", "What filters respond to, what they see in an image, and which parts of it a prediction rests on."),
        ("Comparisons", "Two versions on the same images."),
        ("Monitoring", "Images captured in use, shadow traffic, drift."),
        ("Open Inference Protocol", "Version 2 of the protocol that clients of KServe and Triton speak."),
        ("Operating", "Whether the service is up."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context) => swaggerDoc.Tags = Known
        .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Text }).ToHashSet();
}
