using System.Diagnostics.CodeAnalysis;

namespace CnnService.Web;

/// <summary>
/// The routes of this service, each compiled when it is first asked for. The framework's own methods of these names compile every
/// handler while the service starts, which is a third of its start. These stand in the namespace that encloses every feature, where the
/// compiler finds them first, so that no route goes the other way; what a handler takes and answers is still read at the start, and a
/// parameter that cannot be bound still ends it.
/// </summary>
internal static class RouteHandlers
{
    /// <summary>Has the compiler's analyzers read patterns as those of the framework's methods.</summary>
    private const string RouteSyntax = "Route";

    private static readonly string[] Get = [HttpMethods.Get];
    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] Put = [HttpMethods.Put];
    private static readonly string[] Patch = [HttpMethods.Patch];
    private static readonly string[] Delete = [HttpMethods.Delete];

    public static RouteHandlerBuilder MapGet(
        this IEndpointRouteBuilder routes, [StringSyntax(RouteSyntax)] string pattern, Delegate handler) =>
        Map(routes, pattern, Get, handler);

    public static RouteHandlerBuilder MapPost(
        this IEndpointRouteBuilder routes, [StringSyntax(RouteSyntax)] string pattern, Delegate handler) =>
        Map(routes, pattern, Post, handler);

    public static RouteHandlerBuilder MapPut(
        this IEndpointRouteBuilder routes, [StringSyntax(RouteSyntax)] string pattern, Delegate handler) =>
        Map(routes, pattern, Put, handler);

    public static RouteHandlerBuilder MapPatch(
        this IEndpointRouteBuilder routes, [StringSyntax(RouteSyntax)] string pattern, Delegate handler) =>
        Map(routes, pattern, Patch, handler);

    public static RouteHandlerBuilder MapDelete(
        this IEndpointRouteBuilder routes, [StringSyntax(RouteSyntax)] string pattern, Delegate handler) =>
        Map(routes, pattern, Delete, handler);

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string pattern, string[] methods, Delegate handler) =>
        RouteHandlerServices.Map(routes, pattern, handler, methods, RequestDelegateFactory.InferMetadata, CompileWhenAsked);

    private static RequestDelegateResult CompileWhenAsked(
        Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata)
    {
        var compiled = Compilation(handler, options, metadata);
        return new(http => compiled.Value(http), options.EndpointBuilder?.Metadata.AsReadOnly() ?? []);
    }

    /// <summary>A method of its own, so that nothing of what it compiles from is kept after it.</summary>
    private static Lazy<RequestDelegate> Compilation(
        Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata) =>
        new(() => RequestDelegateFactory.Create(handler, options, metadata).RequestDelegate);
}
