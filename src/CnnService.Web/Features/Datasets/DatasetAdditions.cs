using CnnService.Core.Common;

namespace CnnService.Web.Features.Datasets;

/// <summary>
/// POST /datasets/{name}/images: adds images to an existing data set, for example misclassified ones with their true class.
/// </summary>
internal static class DatasetAdditions
{
    private const string Split = "split";
    private const string Class = "class";

    private static readonly FormFields Fields = new([Split, Class], (form, errors) => Target(form, errors)) { Repeated = [Class] };

    public static async Task<IResult> AddAsync(HttpContext http, [AsParameters] AdditionServices services, string name)
    {
        var posted = http.Request.HasFormContentType
            ? await RequestImages.ReadAsync(http, Fields)
            : new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-media-type",
                "Send multipart/form-data with split, class and files.");
        var form = await posted.MapAsync(_ => http.Request.ReadFormAsync(http.RequestAborted)); // Read already; the same again.
        return await form.Map(read => Target(read, new ValidationErrors())!)
            .BindAsync(target => DatasetAdditionRunner.AddAsync(
                services, name, target, [.. posted.Value.Select(image => (image.Name ?? "image", image.File))], http.RequestAborted))
            .ToIResultAsync(TypedResults.Ok);
    }

    /// <summary>Null if a field is invalid; the errors are then added.</summary>
    private static AdditionTarget? Target(IFormCollection form, ValidationErrors errors) =>
        AdditionTarget.Parse(form[Split].FirstOrDefault(), [.. form[Class].OfType<string>()], errors);
}
