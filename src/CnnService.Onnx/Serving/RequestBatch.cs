namespace CnnService.Onnx.Serving;

/// <summary>Requests that run as one batch. Not thread safe.</summary>
/// <param name="most">Most images; a single request may have more.</param>
internal sealed class RequestBatch(int most)
{
    public List<BatchRequest> Requests { get; } = [];

    public int Images { get; private set; }

    public bool IsFull => Images >= most;

    /// <summary>False if there is no room for the request. A request that was abandoned is dropped and counts as added.</summary>
    public bool TryAdd(BatchRequest request)
    {
        if (Images > 0 && Images + request.Count > most)
        {
            return false;
        }

        if (request.TryTake())
        {
            Requests.Add(request);
            Images += request.Count;
        }

        return true;
    }
}
