using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Client;

namespace CnnService.Studio.Pages.Results;

/// <summary>The request of a run, to be sent again for the data set as it is now.</summary>
internal static class SameAgain
{
    /// <summary>What the run was asked for, with the data set's newest revision; it makes the next version of the same model.</summary>
    /// <exception cref="FormatException">The service told no request.</exception>
    public static JsonElement Of(RunResource run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Request is not JsonElement told || JsonNode.Parse(told.GetRawText()) is not JsonObject request)
        {
            throw new FormatException("The service does not tell what this run was asked for.");
        }

        foreach (var (field, _) in request.Where(field => field.Value is null).ToList())
        {
            request.Remove(field); // Null is no value that a request may give.
        }

        (request["dataset"], request["model"]) = (run.Dataset, run.Model);
        return JsonSerializer.SerializeToElement(request);
    }
}
