namespace CnnService.Web.Api.Requests;

/// <summary>Extensions for routes that return files.</summary>
internal static class FileRoutes
{
    /// <summary>
    /// Answers HEAD like GET, with the file's headers including its length but without the body. Omitted from the OpenAPI document, where
    /// each file would be two operations.
    /// </summary>
    public static TBuilder AllowHead<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods is [var method] && HttpMethods.IsGet(method))
            {
                endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
            }
        });
        return routes;
    }
}
