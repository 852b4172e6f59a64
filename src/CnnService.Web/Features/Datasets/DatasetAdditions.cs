using CnnService.Core.Common;

namespace CnnService.Web.Features.Datasets;

/// <summary>
/// POST /datasets/{name}/images: adds images to an existing data set, for example misclassified ones with their true class.
/// </summary>
internal static class DatasetAdditions
{
    public static async Task<IResult> AddAsync(HttpContext http, [AsParameters] AdditionServices services, string name)
    {
        var posted = http.Request.HasFormContentType
            ? await RequestImages.ReadAsync(http)
            : new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-media-type",
                "Send multipart/form-data with split, class and files.");
        var form = await posted.MapAsync(_ => http.Request.ReadFormAsync(http.RequestAborted)); // Read already; the same again.
        return await form.Bind(Check)
            .BindAsync(place => DatasetAdditionRunner.AddAsync(
                services, name, place, [.. posted.Value.Select(image => (image.Name ?? "image", image.File))], http.RequestAborted))
            .ToIResultAsync(TypedResults.Ok);
    }

    private static Outcome<AdditionTarget> Check(IFormCollection form)
    {
        var errors = new ValidationErrors();
        var place = AdditionTarget.Parse(form["split"].FirstOrDefault(), form["class"].FirstOrDefault(), errors);
        foreach (var unknown in form.Keys.Where(field => field is not ("split" or "class")))
        {
            errors.Add(unknown, "is not a field here; the fields are split, class and files");
        }

        return place is null || errors.Any ? Problem.Validation(errors) : place;
    }
}
