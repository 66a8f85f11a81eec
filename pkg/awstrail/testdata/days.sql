SELECT
  CAST(eventid AS varchar) AS "eventID",
  CAST(eventname AS varchar) AS "eventName",
  CAST(eventtime AS varchar) AS "eventTime",
  CAST(eventsource AS varchar) AS "eventSource",
  CAST(awsregion AS varchar) AS "awsRegion",
  CAST(recipientaccountid AS varchar) AS "recipientAccountId",
  CAST(requestid AS varchar) AS "requestID",
  CAST(sourceipaddress AS varchar) AS "sourceIPAddress",
  CAST(useragent AS varchar) AS "userAgent",
  CAST(errorcode AS varchar) AS "errorCode",
  CAST(errormessage AS varchar) AS "errorMessage",
  CAST(vpcendpointid AS varchar) AS "vpcEndpointId",
  CAST(requestparameters AS varchar) AS "requestParameters",
  CAST(additionaleventdata AS varchar) AS "additionalEventData",
  CAST(useridentity.type AS varchar) AS "userIdentity.type",
  CAST(useridentity.principalid AS varchar) AS "userIdentity.principalId",
  CAST(useridentity.arn AS varchar) AS "userIdentity.arn",
  CAST(useridentity.username AS varchar) AS "userIdentity.userName",
  CAST(useridentity.invokedby AS varchar) AS "userIdentity.invokedBy",
  CAST(NULL AS varchar) AS "userIdentity.identityProvider",
  CAST(tlsdetails.clientprovidedhostheader AS varchar) AS "tlsDetails.clientProvidedHostHeader",
  CAST(TRY(resources[1].type) AS varchar) AS "resource.type",
  CAST(TRY(resources[1].arn) AS varchar) AS "resource.ARN"
FROM "db"."trail"
WHERE (eventname = 'AssumeRoleWithWebIdentity' AND (COALESCE(errorcode, '') <> '' OR COALESCE(errormessage, '') <> '') AND eventtime >= '1999-12-30T12:00:00Z' AND eventtime <= '1999-12-30T13:00:00Z'
    OR eventname IN ('UpdateAssumeRolePolicy', 'CreateRole', 'DeleteRole', 'UpdateRole', 'CreateOpenIDConnectProvider', 'DeleteOpenIDConnectProvider', 'AddClientIDToOpenIDConnectProvider', 'RemoveClientIDFromOpenIDConnectProvider', 'UpdateOpenIDConnectProviderThumbprint') AND COALESCE(errorcode, '') = '' AND COALESCE(errormessage, '') = '')
  AND recipientaccountid IN ('111122223333', '444455556666')
  AND awsregion IN ('eu-west-1', 'us-east-1')
  AND "timestamp" >= '1999/12/30'
  AND "timestamp" <= '1999/12/31'
