using CnnService.Core.Common;
using CnnService.Web.Hosting.Security;
using Microsoft.OpenApi;

namespace CnnService.Web.Hosting.OpenApi;

/// <summary>The OpenAPI text at <c>/swagger/v1/swagger.json</c>, and Swagger UI over it.</summary>
internal static class ApiDocumentation
{
    public const string Document = "v1";

    public static IServiceCollection AddApiDocumentation(this IServiceCollection services) => services
        .AddEndpointsApiExplorer()
        .AddSwaggerGen(options =>
        {
            options.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "CnnService",
                Version = Document,
                Description = "Train convolutional networks on your own pictures, serve them, and see inside them. "
                    + "Errors are application/problem+json with a stable `code`; a request that breaks rules gets all of them at once under `errors`.",
            });
            options.SupportNonNullableReferenceTypes();
            foreach (var assembly in new[] { typeof(Program).Assembly, typeof(Outcome<>).Assembly })
            {
                options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml"));
            }

            options.AddSecurityDefinition(ApiKeyHandler.SchemeName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyHandler.Header,
                Description = "Needed only where keys are configured; Authorization: Bearer does as well.",
            });
            options.OperationFilter<AccessFilter>();
            options.OperationFilter<ExampleFilter>();
        });

    /// <summary>The pages of Swagger UI are public files; what they show is the document, which needs scope read.</summary>
    public static IApplicationBuilder UseApiPages(this IApplicationBuilder app) => app.UseSwaggerUI(options =>
    {
        options.DocumentTitle = "CnnService";
        options.SwaggerEndpoint($"{Document}/swagger.json", "CnnService");
        options.EnablePersistAuthorization();
        options.DisplayRequestDuration();
        options.InjectJavascript("/dashboard/key.js");
    });

    public static void MapApiDocumentation(this IEndpointRouteBuilder routes) =>
        routes.MapSwagger().RequireAuthorization(Scopes.Read);
}
