using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CnnService.Web.Api.OpenApi;

/// <summary>
/// Moves what operations have in common into the document's components: parameters, responses and request bodies that are the same in
/// several operations are written once and referred to.
/// </summary>
internal sealed class SharedParts : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var components = swaggerDoc.Components ??= new OpenApiComponents();
        var operations = swaggerDoc.Paths.Values.SelectMany(path => path.Operations ?? []).Select(pair => pair.Value).ToArray();

        components.Parameters = Shared(
            operations.SelectMany(operation => (operation.Parameters ?? []).Select(part => (Named(part.Name), operation, part))),
            out var parameters);
        components.Responses = Shared(
            operations.SelectMany(operation => operation.Responses!.Select(part => (ResponseName(part), operation, part.Value))),
            out var responses);
        components.RequestBodies = Shared(
            operations.Where(operation => operation.RequestBody is not null)
                .Select(operation => (BodyName(operation.RequestBody!), operation, operation.RequestBody!)),
            out var bodies);

        foreach (var operation in operations)
        {
            for (var i = 0; i < (operation.Parameters?.Count ?? 0); i++)
            {
                if (parameters.TryGetValue(Text(operation.Parameters![i]), out var name))
                {
                    operation.Parameters[i] = new OpenApiParameterReference(name, swaggerDoc);
                }
            }

            foreach (var (status, part) in operation.Responses!.ToArray())
            {
                if (responses.TryGetValue(Text(part), out var answer))
                {
                    operation.Responses![status] = new OpenApiResponseReference(answer, swaggerDoc);
                }
            }

            if (operation.RequestBody is { } body && bodies.TryGetValue(Text(body), out var shared))
            {
                operation.RequestBody = new OpenApiRequestBodyReference(shared, swaggerDoc);
            }
        }
    }

    /// <summary>The parts that occur more than once, by a name of their own: the plain one for that which occurs most.</summary>
    /// <param name="parts">All occurrences, with the name that is wanted.</param>
    /// <param name="names">The names by the parts' texts.</param>
    private static Dictionary<string, T> Shared<T>(
        IEnumerable<(string Name, OpenApiOperation Operation, T Part)> parts, out Dictionary<string, string> names)
        where T : IOpenApiSerializable
    {
        var shared = new Dictionary<string, T>();
        names = [];
        foreach (var group in parts.GroupBy(part => Text(part.Part)).Where(group => group.Count() > 1)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            var (plain, operation, part) = group.First();
            var name = shared.ContainsKey(plain) ? $"{plain}Of{operation.OperationId}" : plain;
            shared.Add(name, part);
            names.Add(group.Key, name);
        }

        return shared;
    }

    private static string ResponseName(KeyValuePair<string, IOpenApiResponse> response)
    {
        if (response.Value.Content is not { Count: > 0 } contents)
        {
            return response.Key;
        }

        var (mediaType, content) = contents.First();
        return response.Key[0] == '2'
            ? Named(ReasonPhrases.GetReasonPhrase(int.Parse(response.Key, CultureInfo.InvariantCulture)))
                + (content.Schema is OpenApiSchemaReference { Reference.Id: { } schema } ? schema : Named(mediaType))
            : mediaType == Problems.MediaType ? response.Key : $"Inference-{response.Key}";
    }

    private static string BodyName(IOpenApiRequestBody body) => body.Content!.First().Value.Schema switch
    {
        OpenApiSchemaReference { Reference.Id: { } schema } => schema,
        OpenApiSchema { Properties: { Count: > 0 } fields } => $"FormOf{string.Concat(fields.Keys.Select(Named))}",
        _ => "Body",
    };

    /// <summary>Words run together, each with a capital: "Not Found" becomes NotFound.</summary>
    private static string Named(string? words) => string.Concat((words ?? string.Empty)
        .Split([' ', '-', '/', '.', '+'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string Text(IOpenApiSerializable part)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        part.SerializeAsV3(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return text.ToString();
    }
}
