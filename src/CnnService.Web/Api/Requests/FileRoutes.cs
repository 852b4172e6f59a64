namespace CnnService.Web.Api.Requests;

/// <summary>Routes that give files.</summary>
internal static class FileRoutes
{
    /// <summary>
    /// HEAD is answered where GET is: with the headers of the file, its length among them, and without the file. Not told in the OpenAPI text,
    /// where each file would be two operations.
    /// </summary>
    public static TBuilder AnswersHead<TBuilder>(this TBuilder routes)
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
